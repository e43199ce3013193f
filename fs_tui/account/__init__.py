"""Several libraries together, and what is compared with them; knows no screen."""
