"""Intelligence: reports, graded and released to named members, corrected and recalled by their authors."""

from tansiq.desks.intelligence.acts import Correction, Recall, Report
from tansiq.desks.intelligence.desk import DESK

__all__ = ["DESK", "Correction", "Recall", "Report"]
