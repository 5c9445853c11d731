"""The two A4 pages of the dossier, under the name by which the monograph knows them: see `helpers.page.paper`."""

from helpers.page.paper import LONGEST, clipped, on_paper, two_pages

__all__ = ["LONGEST", "clipped", "on_paper", "two_pages"]
