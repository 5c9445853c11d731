"""How CPTS articulate with the DTS (CLS, CLSM, ASV), one module per question.

`schemes`: which exist where, compared; `links`: who is linked to whom, in one shape for all; `encounters`: who meets whom;
`degrees`: how closely, by what; `means`: what each can receive; `testimonies`: what people say of it; `themes`: where
documents agree; `proposals`: what the survey proposes and asks; `support`: who supports a CPTS, step by step; `networks`: who
works with which type of CPTS; `perimeters` and `overlaps`: which ground each covers; `gaps`: which ground nobody published;
`joint`: statements and indicators side by side; `own`: all this for the package of a user.
"""
