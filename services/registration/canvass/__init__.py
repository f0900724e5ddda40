"""The annual canvass: a year of it, each property in that year, the data step that draws up the routes. [RPA 1983 s.9D]"""
