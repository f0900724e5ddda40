"""The law of registration and of the electoral timetable: pure functions of dates and facts, each with its citation.

Imports nothing of ours; the standard library only, and one package for bank holidays (`holidays`).

| You look for                                                     | Module          | Source                          |
|------------------------------------------------------------------|-----------------|---------------------------------|
| a number: day count, age, clock time, month                      | `provisions`    | cited beside each               |
| how a value changes with the years                               | `dated`         |                                 |
| working days, bank holidays, a proclaimed holiday                | `working_days`  | RPA 1983 s.119; RPR r.8         |
| how a date explains itself, deadlines as instants                | `reckoning`     |                                 |
| poll types, registers, countries                                 | `polls`         | RPA 1983 s.9                    |
| notice of election to VAC deadline, for each kind of poll        | `timetable`     | each poll's rules; r.56         |
| monthly notice, revised register, election notices of alteration | `registration`  | RPA 1983 s.13-13B               |
| objection, hearing, review, appeal clocks; old declarations      | `registration`  | RPR r.29-32                     |
| which publication carries a decision about one address           | `effect`        | RPA 1983 s.13A-13B              |
| how long postal votes and overseas registrations last            | `absent_voting` | RPA 2000 Sch 4; RPA 1985 s.1    |
| until when one may apply for a postal, proxy, emergency proxy    | `absent_voting` | RPR r.56                        |
| who may be a proxy, for how many, on what ground, how long       | `proxies`       | RPA 2000 Sch 4; RPR r.51A-60A   |
| when absent voters are asked to apply or to sign again           | `renewals`      | RPA 2000 Sch 4; RPR r.60A       |
| may this person register, attainers, marker, ballot per poll     | `franchise`     | RPA 1983 s.1-4                  |
| which countries' citizens                                        | `nationalities` | BNA 1981 Sch 3; SI 2023/1150    |
| from which day an entry is marked otherwise                      | `marks`         | RPR r.41A, r.42                 |
| letters in an imported register                                  | `markers`       | RPR r.41A, r.42                 |
| the rules an application can break                               | `applications`  | RPR r.26-31A                    |
| duplicates, clerical errors, grounds of deletion                 | `electors`      | RPA 1983 s.10ZE; RPR r.31C-31F  |
| facts as events record them, for the franchise                   | `recorded`      |                                 |
| routes and contacts of the annual canvass, its data step         | `canvass`       | RPR r.32ZA-32ZBG                |
| documents and attestation as proof of identity                   | `evidence`      | RPR r.26B                       |
| inviting who should register; the civil penalty                  | `invitations`   | RPA 1983 s.9E; RPR r.32ZC-32ZG  |
| two records of one person; movers; hearings and appeals          | `duplicates`, `movers`, `hearings` | RPR r.30-32    |
| NINO, UPRN, GSS code, postcode, elector number, date of birth    | `identifiers`   | RPR r.26, r.38-41; BS 7666      |
| birthdays, 29 February                                           | `dates`         | Family Law Reform Act 1969 s.9  |
| what a copy of the register costs                                | `fees`          | RPR r.110-111, r.120            |
| who may have a copy, of what, what for, and what they are told   | `supply`        | RPR Pt 6-7, r.92-120            |
| how long marked registers are open and kept after their poll      | `marked_registers` | RPA 1983 Sch 1 r.57; RPR r.118 |
| what a Voter Authority Certificate is, and when its record goes   | `voter_cards`      | RPA 1983 s.13BD; SI 2022/1382 |
| how long what is held of people is kept                         | `retention`     | UK GDPR art 5(1)(e); policy     |
| what people may ask about their own data, until when, exemptions  | `subject_rights` | UK GDPR art 12-19; DPA Sch 2-4 |
| a refusal and its rule                                           | `rules`         |                                 |

When the law changes: add a `Provision` with its commencement date and source; never edit one that was in force.
"RPR" is the Representation of the People (England and Wales) Regulations 2001; a source that says "EC" or "reading" was
not checked against the text of the statute.
"""
