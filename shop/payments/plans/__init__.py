"""What merchants pay the portal: subscribing, changing, falling behind, coming back. ``sync`` is the one door."""
