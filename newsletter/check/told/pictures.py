"""Pages about images."""

from __future__ import annotations

from newsletter.check.rulebook import told
from newsletter.model.problem import Level

RULES = (
    told(
        "image-missing",
        Level.ERROR,
        """An image that is not there.

        The file must be in the issue's folder; for the logo in the newsletter's. Put it there, or take the name that
        the message suggests.

        Bad:

            ![A runner climbs the stairs](foto.jpg)

        Good:

            ![A runner climbs the stairs](photo.jpg)
        """,
    ),
    told(
        "image-name-case",
        Level.ERROR,
        """An image whose name has other capital letters on the disk.

        On most servers it would not be found. Write the name as it is on the disk.

        Bad:

            ![A runner climbs the stairs](Photo.JPG)

        Good:

            ![A runner climbs the stairs](photo.jpg)
        """,
    ),
    told(
        "image-outside",
        Level.ERROR,
        """An image outside of the issue's folder.

        An issue takes its images from its own folder, and the logo stands in that of the newsletter, so that both can
        be moved and kept whole. Copy the image there.
        """,
    ),
    told(
        "image-too-large",
        Level.ERROR,
        """An image that is too large to be worked on.

        More than 20 MB or 60 million pixels; for an animation 200 million in all its frames. 1200 pixels of width are
        enough.
        """,
    ),
    told(
        "image-type",
        Level.ERROR,
        """An image that is not a PNG, JPEG or GIF.

        Mail programs show only these three everywhere. Save it as one of them; the ending of its name alone changes
        nothing.

        Bad:

            ![A runner climbs the stairs](stairs.svg)

        Bad (stairs.svg):

            <svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>

        Good:

            ![A runner climbs the stairs](photo.jpg)
        """,
    ),
    told(
        "image-unreadable",
        Level.ERROR,
        """An image file that is damaged.

        Save or export it again, and name the new file.
        """,
    ),
    told(
        "image-small",
        Level.WARNING,
        """An image with fewer pixels than its place.

        It is shown smaller, or looks blurred. Use one of 1200 pixels for the full width.

        Bad:

            ::: figure src="small.png" alt="A runner climbs the stairs" width="600"
            :::

        Good:

            ::: figure src="photo.jpg" alt="A runner climbs the stairs" width="600"
            :::
        """,
    ),
    told(
        "image-width",
        Level.ERROR,
        """A width that is no number of pixels.

        Write one, such as `300`.

        Bad:

            ::: figure src="photo.jpg" alt="A runner climbs the stairs" width="wide"
            :::

        Good:

            ::: figure src="photo.jpg" alt="A runner climbs the stairs" width="300"
            :::
        """,
    ),
    told(
        "portrait-not-square",
        Level.WARNING,
        """A picture of an author that is no square.

        It is shown round, and some mail programs squeeze it. Cut it to a square.

        Bad:

            ::: author name="Dr. Ada Example" src="photo.jpg" alt="Ada Example"
            Likes stairs.
            :::

        Good:

            ::: author name="Dr. Ada Example"
            Likes stairs.
            :::
        """,
    ),
)
