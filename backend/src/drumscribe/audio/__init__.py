"""Reading sound: from any file to samples."""
