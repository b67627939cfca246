"""Build and metadata of idlib-watch.

Direct dependencies stand, as ranges, in ``requirements.in`` and nowhere else; exact versions in
``requirements.lock``. Beam's ``--setup_file`` runs this file on its workers too, from a source
distribution: whatever is read here is listed in ``MANIFEST.in``.
"""

from pathlib import Path

from setuptools import find_packages, setup

HERE = Path(__file__).resolve().parent


def requirements(name: str) -> list[str]:
    """The requirements of a file beside this one: a line each, comments and blank lines left out."""
    lines = (line.split("#", 1)[0].strip() for line in (HERE / name).read_text("utf-8").splitlines())
    return [line for line in lines if line]


# What lies between the modules: topics, feed lists, queries; `**` finds them in this folder and below.
PACKAGE_DATA = ["py.typed", *(f"**/*.{kind}" for kind in ("toml", "opml", "json", "sql", "csv", "txt"))]

setup(
    name="idlib-watch",
    version="0.1.0",
    description="From news feeds to Parquet: what was reported on Syria and Idlib, where, and who said what.",
    long_description=(HERE / "README.md").read_text("utf-8") if (HERE / "README.md").exists() else "",
    long_description_content_type="text/markdown",
    author="The idlib-watch authors",
    license="Apache-2.0",
    license_files=["LICENSE"],
    classifiers=[
        "Development Status :: 4 - Beta",
        "Intended Audience :: Science/Research",
        "Programming Language :: Python :: 3",
        "Programming Language :: Python :: 3.10",
        "Programming Language :: Python :: 3.11",
        "Programming Language :: Python :: 3.12",
        "Programming Language :: Python :: 3.13",
        "Programming Language :: Python :: 3.14",
        "Topic :: Text Processing :: Linguistic",
        "Typing :: Typed",
    ],
    # The Pythons that Beam 2.77 is published for.
    python_requires=">=3.10,<3.15",
    packages=find_packages(include=["pipelines*", "transforms*", "schemas*"]),
    package_data={"pipelines": PACKAGE_DATA, "transforms": PACKAGE_DATA, "schemas": PACKAGE_DATA},
    install_requires=requirements("requirements.in"),
    extras_require={"dev": requirements("requirements-dev.in")},
    entry_points={"console_scripts": ["idlib-watch = pipelines.cli:entry"]},
)
