"""What three networks hear of beats and downbeats in the sound itself."""
