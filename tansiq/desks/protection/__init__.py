"""Protection: sites that must be spared, who has taken note of them, and what lies near a place."""

from tansiq.desks.protection.acts import Acknowledgement, Site, SiteChange, SiteDetail
from tansiq.desks.protection.desk import DESK
from tansiq.desks.protection.register import Near, Surroundings

__all__ = ["DESK", "Acknowledgement", "Near", "Site", "SiteChange", "SiteDetail", "Surroundings"]
