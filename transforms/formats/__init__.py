"""The formats that news is announced in, each read into the same items: see ``transforms.parse``."""
