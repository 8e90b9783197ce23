"""What this site needs beside its pages."""
