"""Directory files, from bytes to merchants' pages. Low to high:

``refusals`` · ``encodings`` · ``records`` · ``columns`` · ``town_file | register | osm`` · ``source_files`` read it
line by line. ``words | places | trades | hours_text`` · ``entries`` make one line's facts clean, or say why not.
``sameness`` knows who is there already. ``deciding`` says what to do with each line, ``writing`` does it, ``runs``
carries a whole file through, on trial or for good: the same steps, so that both tell the same.
"""
