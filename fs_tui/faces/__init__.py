"""One library's faces on this side of the wire; knows neither HTTP nor screens."""
