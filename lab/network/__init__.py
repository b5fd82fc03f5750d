"""The network that hears drums: trained, grown, averaged, exported, restored."""
