/// People.
extension Relation {
    static let people: [Relation] = [
        Relation(
            "birthplace", of: [.person], to: .entity(.town),
            roles: "birthplace\nhome {t}\nthe {t} where {s} was born",
            clauses: "born in {o}\nwho comes from {o}",
            facts: """
                {s} was born in <{o}|the {t} of {o}>.
                {s} <comes|came> from {o}.
                The birthplace of {s} is {o}.
                {o} is the <birthplace|home {t}> of {s}.
                {s} <first saw the light of day|came into the world> in {o}.
                {s} is a native of {o}.
                The parents of {s} lived in {o} when the child was born.
                {s} was born to a <poor|large|well-known> family in {o}.
                """,
            questions: """
                Where was {s} born?
                In <which|what> {t} was {s} born?
                What is the birthplace of {s}?
                Which {t} is the <birthplace|home {t}> of {s}?
                Where does {s} come from?
                From which {t} does {s} come?
                {s} was born in which {t}?
                Give the birthplace of {s}.
                """,
            inverse: """
                Who was born in {o}?
                Who comes from {o}?
                Which person is a native of {o}?
                """),
        Relation(
            "birth_year", of: [.person], to: .year(1780...2004),
            roles: "year of birth\nbirth year",
            clauses: "born in the year {o}\nborn in {o}",
            facts: """
                {s} was born in {o}.
                {s} <came into the world|saw the light of day> in {o}.
                The birth year of {s} is {o}.
                <In {o}, {s} was born.|The year {o} saw the birth of {s}.>
                {s} was born in the <spring|summer|autumn|winter> of {o}.
                The church book gives {o} as the birth year of {s}.
                """,
            questions: """
                When was {s} born?
                In <which|what> year was {s} born?
                What is the <birth year|year of birth> of {s}?
                What year was {s} born?
                """,
            comparison: Comparison(
                lower: [
                    "Who <is|was> older, {a} or {b}?", "Who was born <first|earlier>, {a} or {b}?",
                    "Which of the two was born first: {a} or {b}?",
                ],
                higher: [
                    "Who <is|was> younger, {a} or {b}?", "Who was born <last|later>, {a} or {b}?",
                    "Which of the two was born later: {a} or {b}?",
                ])),
        Relation(
            "spouse", of: [.person], to: .entity(.person),
            roles: "spouse\npartner\nthe person married to {s}",
            clauses: "married to {o}",
            facts: """
                {s} is married to {o}.
                {s} <married|wed> {o}<.| in a small church.| after the war.| at a young age.>
                The <spouse|partner> of {s} is {o}.
                {o} is the <spouse|partner> of {s}.
                {o} and {s} are a married couple.
                {s} and {o} have been married for years.
                {s} shares a house and a name day with {o}, the spouse.
                """,
            questions: """
                Who is {s} married to?
                To whom is {s} married?
                Who is the <spouse|partner> of {s}?
                Whom did {s} marry?
                Who did {s} <marry|wed>?
                <Name|Give> the spouse of {s}.
                """,
            inverse: """
                Who is married to {o}?
                Who married {o}?
                """),
        Relation(
            "employer", of: [.person], to: .entity(.company),
            roles: "employer\nthe company {s} works for",
            clauses: "employed by {o}\nwho works for {o}",
            facts: """
                {s} <works|worked> <for|at> {o}.
                {s} is <employed by|on the staff of> {o}.
                The employer of {s} is {o}.
                {o} is the company that employs {s}.
                {o} <hired|employs> {s}.
                {s} <has|took> a job at {o}.
                {s} earns a living at {o}.
                """,
            questions: """
                Where does {s} work?
                Who <employs {s}|does {s} work for>?
                For which company does {s} work?
                Which company <employs|hired> {s}?
                Who is the employer of {s}?
                At which firm does {s} have a job?
                """,
            inverse: """
                Who works for {o}?
                Which person does {o} employ?
                """),
        Relation(
            "profession", of: [.person], to: .word(Vocabulary.professions),
            roles: "profession\noccupation\njob",
            facts: """
                {s} <works|worked> as a <well-known |respected |busy |>{o}.
                {s} became a {o}<.| at the age of thirty.| after some years.>
                The <profession|job|trade> of {s} is {o}.
                By profession, {s} is a {o}.
                {s} was trained as a {o}.
                {s} is known as a {o}.
                """,
            questions: """
                What is the <profession|job|occupation> of {s}?
                What does {s} do for a living?
                What <work|job> does {s} do?
                As what does {s} work?
                By profession, what is {s}?
                What did {s} become?
                """),
        Relation(
            "school", of: [.person], to: .entity(.university),
            roles: "university\nthe university where {s} studied",
            clauses: "educated at {o}\nwho studied at {o}",
            facts: """
                {s} <studied|was educated> at {o}.
                {s} <holds|has> a degree from {o}.
                {s} <went to|graduated from|was a student at> {o}.
                {o} is where {s} studied.
                The student years of {s} were spent at {o}.
                {s} left home to study at {o}.
                """,
            questions: """
                Where did {s} <study|get a degree>?
                At which <university|school> did {s} study?
                From where did {s} graduate?
                Which university did {s} <attend|go to>?
                Where was {s} <educated|a student>?
                """,
            inverse: """
                Who studied at {o}?
                Who graduated from {o}?
                """),
        Relation(
            "residence", of: [.person], to: .entity(.town),
            roles: "place of residence\nthe {t} where {s} lives",
            clauses: "living in {o}\nwho lives in {o}",
            facts: """
                {s} <lives|now lives|has long lived> in {o}.
                {s} has a <house|flat|small house> in {o}.
                {s} <moved|later moved> to {o}.
                {s} settled in {o}.
                The home of {s} is <now |>in {o}.
                Today {o} is home to {s}.
                """,
            questions: """
                Where does {s} live?
                In <which|what> {t} does {s} <live|have a house>?
                Where is the home of {s}?
                To which {t} did {s} move?
                What is the place of residence of {s}?
                Where did {s} settle?
                """,
            inverse: """
                Who lives in {o}?
                Who moved to {o}?
                """),
        Relation(
            "teacher", of: [.person], to: .entity(.person),
            roles: "teacher\nthe person who taught {s}",
            clauses: "taught by {o}\nwho learned the trade from {o}",
            facts: """
                {s} was <taught|trained> by {o}.
                {s} was a <pupil|student> of {o}.
                {o} was the teacher of {s}.
                {o} <taught|trained> {s}.
                {s} learned the trade from {o}.
                Lessons with {o} shaped the work of {s}.
                """,
            questions: """
                Who <taught|trained> {s}?
                Who was the teacher of {s}?
                By whom was {s} <taught|trained>?
                From whom did {s} learn?
                Whose pupil was {s}?
                """,
            inverse: """
                Whom did {o} teach?
                Who was a pupil of {o}?
                """),
        Relation(
            "sibling", of: [.person], to: .entity(.person),
            roles: "<brother or sister|sibling>",
            clauses: "who grew up with {o}",
            facts: """
                {s} grew up with {o}, a <younger|older> sibling.
                {o} is the <younger |older |>sibling of {s}.
                The only sibling of {s} is {o}.
                {s} and {o} have the same parents.
                {s} has one sibling, {o}.
                {s} shared a room with {o}, the other child of the family.
                """,
            questions: """
                Who is the sibling of {s}?
                Who is the <brother or sister|other child in the family> of {s}?
                With which sibling did {s} grow up?
                What is the sibling of {s} called?
                <Name|Give> the sibling of {s}.
                Who has the same parents as {s}?
                """),
        Relation(
            "friend", of: [.person], to: .entity(.person),
            roles: "best friend\nclosest friend",
            clauses: "<a close|an old> friend of {o}",
            facts: """
                The <best|closest|oldest> friend of {s} is {o}.
                {s} is a <close|good|lifelong> friend of {o}.
                {o} and {s} are <close|old> friends.
                {s} <often writes to|plays cards with> {o}, a close friend.
                {s} counts {o} as a best friend.
                """,
            questions: """
                Who is the <best|closest> friend of {s}?
                With whom is {s} <close|good> friends?
                Which friend does {s} have?
                <Name|Give> the closest friend of {s}.
                What is the best friend of {s} called?
                """),
        Relation(
            "hobby", of: [.person], to: .word(Vocabulary.hobbies),
            roles: "hobby\nfavourite pastime",
            facts: """
                {s} <loves|enjoys|is fond of> {o}.
                The <hobby|favourite pastime> of {s} is {o}.
                In the evening {s} finds time for {o}.
                {s} spends <weekends|free days> on {o}.
                When work is done, {s} turns to {o}.
                Nothing pleases {s} more than {o}.
                """,
            questions: """
                What is the <hobby|favourite pastime> of {s}?
                What does {s} <enjoy|love>?
                What does {s} do in <free time|the evening>?
                How does {s} spend <weekends|free days>?
                What pleases {s} most?
                """),
        Relation(
            "instrument", of: [.person], to: .word(Vocabulary.instruments),
            roles: "instrument\nthe instrument {s} plays",
            facts: """
                {s} plays the {o}<.| well.| every morning.>
                The instrument of {s} is the {o}.
                {s} <learned|took up|studied> the {o} as a child.
                {s} is a fine player of the {o}.
                Neighbours hear {s} at the {o}.
                """,
            questions: """
                <Which|What> instrument does {s} play?
                What instrument did {s} <learn|study>?
                What is the instrument of {s}?
                What does {s} play?
                On which instrument can one hear {s}?
                """),
        Relation(
            "death_place", of: [.person], to: .entity(.town),
            roles: "place of death\nthe {t} where {s} died",
            clauses: "who died in {o}",
            facts: """
                {s} died in {o}.
                {s} <was buried|lies buried> in {o}.
                {s} spent the last <days|years> in {o} and died there.
                The grave of {s} is in {o}.
                The last home of {s} was {o}.
                Death came to {s} in {o}.
                """,
            questions: """
                Where did {s} die?
                In <which|what> {t} did {s} die?
                Where is {s} buried?
                Where is the grave of {s}?
                What is the place of death of {s}?
                What was the last home of {s}?
                """),
        Relation(
            "prize", of: [.person], to: .year(1850...2022),
            roles: "the year {s} won a prize\nthe year of the prize of {s}",
            clauses: "who won a prize in {o}",
            facts: """
                {s} <won|received|was given> a <prize|medal> in {o}.
                In {o}, {s} was honoured with a prize.
                The <prize|medal> for {s} came in {o}.
                {o} brought {s} a prize.
                The jury gave {s} the prize in {o}.
                The year {o} was lucky for {s}, who won a medal.
                """,
            questions: """
                When did {s} <win|receive> a <prize|medal>?
                In <which|what> year did {s} win a <prize|medal>?
                When was {s} honoured?
                What year did {s} win the prize?
                """),
    ]
}
