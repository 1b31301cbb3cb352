"""Nobody can listen to every story. A recogniser can: what was made is heard, and compared word by word.

An alarm, no judge: of a good recording it mishears some words in a hundred, names most of all. It tells
what is missing or garbled, not what sounds natural. A tool of whoever looks after the voice; no reader
and no story waits for it.
"""
