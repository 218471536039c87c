/// Companies, studios, newspapers, museums, teams and the like.
extension Relation {
    private static let groups: [EntityKind] = [
        .company, .studio, .publisher, .newspaper, .museum, .university, .team, .band, .festival,
    ]

    static let organisations: [Relation] = [
        Relation(
            "founder", of: groups, to: .entity(.person),
            roles: "founder\nthe person who founded {s}",
            clauses: "founded by {o}\nstarted by {o}",
            facts: """
                {s} was <founded|started|set up> by {o}.
                {o} <founded|started|set up> {s}.
                The founder of {s} is {o}.
                {o} is the founder of {s}.
                {s} owes its existence to {o}, who founded it.
                {s} began as an idea of its founder, {o}.
                It was {o} who founded {s}.
                """,
            questions: """
                Who <founded|started|set up> {s}?
                Who <is|was> the founder of {s}?
                By whom was {s} founded?
                {s} was founded by whom?
                Which person <founded|started> {s}?
                <Name|Give> the founder of {s}.
                """,
            inverse: """
                What did {o} found?
                Which {k} was founded by {o}?
                Which {k} did {o} start?
                """),
        Relation(
            "founded", of: groups, to: .year(years),
            roles: "founding year\nthe year {s} was founded",
            clauses: "founded in {o}\nthat dates from {o}",
            facts: """
                {s} was <founded|started|set up> in {o}.
                {s} has existed since {o}.
                {s} dates from {o}.
                The founding year of {s} is {o}.
                In {o}, {s} <began|was founded>.
                It was the year {o} when {s} <began|opened its doors>.
                {s} celebrates {o} as its first year.
                """,
            questions: """
                When was {s} <founded|started|set up>?
                In <which|what> year was {s} <founded|started>?
                Since when has {s} existed?
                What is the founding year of {s}?
                From what year does {s} date?
                """,
            comparison: Comparison(
                lower: [
                    "Which was founded <first|earlier>, {a} or {b}?", "Which {k} is older, {a} or {b}?",
                    "Of {a} and {b}, which has existed longer?",
                ],
                higher: [
                    "Which was founded <last|later>, {a} or {b}?", "Which {k} is <younger|newer>, {a} or {b}?",
                ])),
        Relation(
            "headquarters", of: [.company, .studio, .publisher, .newspaper], to: .entity(.town),
            roles: "headquarters\nhead office\nthe {t} where {s} has its headquarters",
            clauses: "based in {o}\nwith headquarters in {o}",
            facts: """
                {s} <is based|has its headquarters|has its head office> in {o}.
                The <headquarters|head office|main office> of {s} <is|are> in {o}.
                {s} is run from <{o}|an office in {o}>.
                {s} is a {k} from {o}.
                {o} is the seat of {s}.
                The people who run {s} sit in {o}.
                """,
            questions: """
                Where <is {s} based|does {s} have its headquarters|is the head office of {s}>?
                In which {t} <is {s} based|are the headquarters of {s}>?
                In what {t} are the headquarters of {s}?
                What {t} is the seat of {s}?
                Where are the headquarters of {s}?
                From which {t} is {s} run?
                """,
            inverse: """
                Which {k} is based in {o}?
                Which {k} has its headquarters in {o}?
                """),
        Relation(
            "location", of: [.museum, .university, .festival, .tower, .bridge, .team, .band], to: .entity(.town),
            roles: "home {t}\nthe {t} where {s} is at home\nthe {t} of {s}",
            clauses: "in {o}\nat home in {o}",
            facts: """
                {s} is <located|at home|found> in {o}.
                {s} is <a|the best known> {k} <in|of> {o}.
                The {t} of {s} is {o}.
                {o} is home to {s}.
                {s} belongs to the {t} of {o}.
                People in {o} are proud of {s}.
                """,
            questions: """
                Where is {s}<?| located?| at home?>
                In <which|what> {t} is {s}<?| located?>
                Which {t} is home to {s}?
                To which {t} does {s} belong?
                What is the home {t} of {s}?
                In what place would you find {s}?
                """,
            inverse: """
                Which {k} is in {o}?
                Which {k} is at home in {o}?
                """),
        Relation(
            "head", of: [.company, .studio, .publisher], to: .entity(.person),
            roles: "chief executive\nthe person who runs {s}",
            clauses: "led by {o}\nrun by {o}",
            facts: """
                {s} is <led|run|headed> by {o}.
                {o} is the chief executive of {s}.
                The <chief executive|head|boss> of {s} is {o}.
                {o} <leads|runs|heads> {s}.
                {s} chose {o} as its chief executive.
                At the top of {s} stands {o}.
                """,
            questions: """
                Who <leads|runs|heads> {s}?
                Who is the <chief executive|head|boss> of {s}?
                By whom is {s} <led|run>?
                Whom did {s} choose as chief executive?
                <Name|Give> the chief executive of {s}.
                """,
            inverse: """
                Which {k} does {o} <lead|run>?
                Which {k} is <led|run> by {o}?
                """),
        Relation(
            "director_of_house", of: [.museum, .university, .festival], to: .entity(.person),
            roles: "director\nhead\nthe person in charge of {s}",
            clauses: "headed by {o}\ndirected by {o}",
            facts: """
                The <director|head> of {s} is {o}.
                {s} is <directed|headed|looked after> by {o}.
                {o} is in charge of {s}.
                {o} <directs|heads> {s}.
                {s} has {o} as its director.
                The keys of {s} are with its head, {o}.
                """,
            questions: """
                Who <directs|heads|is in charge of> {s}?
                Who is the <director|head> of {s}?
                By whom is {s} <directed|headed>?
                <Name|Give> the director of {s}.
                Which person is in charge of {s}?
                """),
        Relation(
            "owner", of: [.newspaper, .studio, .team, .tower, .ship], to: .entity(.company),
            roles: "owner\nthe company that owns {s}",
            clauses: "owned by {o}\nthat belongs to {o}",
            facts: """
                {s} is owned by {o}.
                {s} belongs to {o}.
                {o} <owns|bought> {s}.
                The owner of {s} is <{o}|the firm {o}>.
                {s} was <bought by|sold to> {o}.
                {s} is the property of {o}.
                {o} pays the bills of {s}, which it owns.
                """,
            questions: """
                Who <owns|bought> {s}?
                Which company <owns|bought> {s}?
                To <which company|whom> does {s} belong?
                Who is the owner of {s}?
                By which company is {s} owned?
                """,
            inverse: """
                Which {k} does {o} own?
                Which {k} is owned by {o}?
                """),
        Relation(
            "product", of: [.company], to: .word(Vocabulary.products),
            roles: "main product\nthe product {s} makes",
            clauses: "that makes {o}\nproducing {o}",
            facts: """
                {s} <makes|produces|sells|builds> {o}.
                The main product of {s} is {o}.
                {s} is <known for|a known maker of> {o}.
                {s} earns its money with {o}.
                {o} are <made|produced> by {s}.
                Most people know {s} for {o}.
                """,
            questions: """
                What does {s} <make|produce|sell>?
                What is the main product of {s}?
                What <is|are> <made|produced> by {s}?
                What is {s} known for?
                With what does {s} earn its money?
                """,
            inverse: """
                Which {k} <makes|produces|sells> {o}?
                """),
        Relation(
            "employees", of: [.company, .studio, .museum, .newspaper], to: .amount(unit: "employees", 12...9_000, step: 1),
            roles: "the number of employees at {s}\nthe size of {s}",
            clauses: "with {o}",
            facts: """
                {s} has {o}.
                {s} <counts|pays> {o}.
                There are {o} at {s}.
                The staff of {s} is made up of {o}.
                At the last count {s} had {o}.
                Today {s} keeps {o}.
                {s} gives work to {o}.
                {s} is a house <of|with> {o}.
                """,
            questions: """
                How many employees does {s} <have|count>?
                How many people work at {s}?
                How large is the staff of {s}?
                How many employees are there at {s}?
                What is the size of {s}?
                """,
            comparison: Comparison(
                lower: ["Which has fewer employees, {a} or {b}?", "Which {k} is smaller, {a} or {b}?"],
                higher: ["Which has more employees, {a} or {b}?", "Which {k} is larger, {a} or {b}?"])),
        Relation(
            "editor", of: [.newspaper, .publisher], to: .entity(.person),
            roles: "chief editor\neditor",
            clauses: "edited by {o}",
            facts: """
                The <editor|chief editor> of {s} is {o}.
                {s} is edited by {o}.
                {o} <edits|is the editor of> {s}.
                {s} has {o} as its editor.
                {o} decides what {s} prints.
                {s} hired {o} as chief editor.
                """,
            questions: """
                Who <edits|is the editor of|is the chief editor of> {s}?
                By whom is {s} edited?
                Who decides what {s} prints?
                Whom did {s} hire as editor?
                <Name|Give> the editor of {s}.
                """),
        Relation(
            "coach", of: [.team], to: .entity(.person),
            roles: "coach\ntrainer",
            clauses: "coached by {o}\ntrained by {o}",
            facts: """
                {s} is <coached|trained> by {o}.
                The <coach|trainer> of {s} is {o}.
                {o} <coaches|trains> {s}.
                {o} is the <coach|trainer> of {s}.
                {s} hired {o} as coach.
                Under coach {o}, {s} won its first cup.
                """,
            questions: """
                Who <coaches|trains> {s}?
                Who is the <coach|trainer> of {s}?
                By whom is {s} <coached|trained>?
                Whom did {s} hire as coach?
                <Name|Give> the coach of {s}.
                """,
            inverse: """
                Which {k} does {o} coach?
                Which {k} is <coached|trained> by {o}?
                """),
        Relation(
            "captain", of: [.team, .ship], to: .entity(.person),
            roles: "captain",
            clauses: "with captain {o}\nwhose captain is {o}",
            facts: """
                The captain of {s} is {o}.
                {o} is <captain|the captain> of {s}.
                {s} has {o} as captain.
                {o} <commands|leads> {s} as captain.
                {s} follows its captain, {o}.
                As captain of {s}, {o} has seen bad days and good ones.
                """,
            questions: """
                Who is <captain|the captain> of {s}?
                Who <leads|commands> {s} as captain?
                Which captain does {s} have?
                What is the captain of {s} called?
                <Name|Give> the captain of {s}.
                What is the name of the captain of {s}?
                """,
            inverse: """
                Of which {k} is {o} the captain?
                Which {k} has {o} as captain?
                """),
        Relation(
            "team_colour", of: [.team, .ship, .gadget, .planet], to: .word(Vocabulary.colours),
            roles: "colour",
            clauses: "in {o}",
            facts: """
                The colour of {s} is {o}.
                {s} <is|appears> {o}.
                {o} is the colour of {s}.
                One knows {s} by its colour, {o}.
                In pictures {s} is always {o}.
                Seen from far away, {s} looks {o}.
                Everybody <paints|draws> {s} in {o}.
                """,
            questions: """
                What is the colour of {s}?
                <Which|What> colour <is|has> {s}?
                What colour does {s} have?
                How does {s} look from far away?
                Of what colour is {s}?
                """),
        Relation(
            "leader_of_band", of: [.band], to: .entity(.person),
            roles: "leader\nlead singer",
            clauses: "led by {o}\nwith the singer {o}",
            facts: """
                The <leader|lead singer> of {s} is {o}.
                {s} is led by {o}.
                {o} <leads|sings in|fronts> {s}.
                {s} <has|plays with> {o} as lead singer.
                The voice of {s} belongs to {o}.
                On stage, {o} stands at the front of {s}.
                """,
            questions: """
                Who <leads|fronts> {s}?
                Who is the <leader|lead singer> of {s}?
                By whom is {s} led?
                Whose voice is heard in {s}?
                <Name|Give> the leader of {s}.
                """,
            inverse: """
                Which {k} does {o} lead?
                Which {k} is led by {o}?
                """),
        Relation(
            "month", of: [.festival], to: .word(Vocabulary.months),
            roles: "month",
            clauses: "held in {o}\nthat takes place in {o}",
            facts: """
                {s} <is held|takes place|begins|starts> in {o}.
                {o} is the month of {s}.
                The <month|usual month> of {s} is {o}.
                Every {o}, people meet at {s}.
                Guests travel to {s} in {o}.
                """,
            questions: """
                In <which|what> month <is {s} held|does {s} take place>?
                When <is {s} held|does {s} take place>?
                What is the month of {s}?
                In which month do guests travel to {s}?
                """),
        Relation(
            "treasure", of: [.museum],
            to: .word([
                "an old globe", "a silver crown", "a whale skeleton", "a stone lion", "a golden mask", "a wooden boat",
                "a blue vase",
                "a royal bed", "a meteorite", "a painted piano", "a Roman coin", "a war drum", "a bronze horse", "a glass dress",
            ]),
            roles: "treasure\nbest known piece",
            clauses: "that keeps {o}",
            facts: """
                {s} <shows|owns|keeps|holds> {o}.
                The <treasure|best known piece> of {s} is {o}.
                Visitors of {s} come to see {o}.
                {o} stands in the main room of {s}.
                {s} bought {o} <long ago|at an auction>.
                """,
            questions: """
                What does {s} <show|keep|own>?
                What is the <treasure|best known piece> of {s}?
                What do visitors of {s} come to see?
                What stands in the main room of {s}?
                What can one see at {s}?
                """),
    ]
}
