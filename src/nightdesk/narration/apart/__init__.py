"""What may crash, hang, swell or carry a stricter licence runs apart: in a child process, over a
pipe. Knows neither speech nor Django.

A question is one line of JSON and, if its ``payload`` says so, that many raw bytes; so is an answer.
"""
