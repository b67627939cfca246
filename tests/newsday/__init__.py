"""The bundled news day: eight invented outlets, their feeds and pages, and what is true about them."""
