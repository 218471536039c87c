/// Towns, countries, rivers, mountains, lakes, islands.
extension Relation {
    static let places: [Relation] = [
        Relation(
            "country", of: [.town, .lake, .mountain, .river], to: .entity(.country),
            roles: "country\nthe country in which {s} lies\nthe country where {s} is",
            clauses: "in {o}\nlocated in {o}",
            facts: """
                {s} <lies|is|is located|is found> in {o}.
                {s} is a {k} in <{o}|the country of {o}>.
                {s} belongs to {o}.
                {s} is part of {o}.
                The country of {s} is {o}.
                <Maps show|You will find> {s} in {o}.
                {o} is the country where {s} lies.
                """,
            questions: """
                In <which|what> country <is|lies> {s}?
                Which country <does {s} belong to|is home to {s}>?
                Where <is {s}|is {s} located|does {s} lie>?
                What country is {s} in?
                To which country does {s} belong?
                Of which country is {s} a part?
                """,
            inverse: """
                Which {k} lies in {o}?
                Which {k} belongs to {o}?
                """),
        Relation(
            "town_river", of: [.town], to: .entity(.river),
            roles: "river\nthe river that runs through {s}",
            clauses: "on the river {o}\non the banks of the {o}",
            facts: """
                {s} lies on the <river {o}|banks of the {o}|{o}>.
                {s} stands on the <banks of the {o}|{o}>.
                The {o} <flows|runs> through {s}.
                The river {o} <passes|crosses> {s}.
                {s} was built <on|beside> the river {o}.
                Through {s} flows the {o}.
                The river of {s} is the {o}.
                """,
            questions: """
                Which river <flows|runs> through {s}?
                On <which|what> river <does {s} lie|is {s}>?
                What river <passes|crosses> {s}?
                What is the river of {s} called?
                <Name|Give> the river that runs through {s}.
                On the banks of which river does {s} stand?
                """,
            inverse: """
                Which {k} lies on the river {o}?
                Through which {k} does the {o} flow?
                """),
        Relation(
            "mayor", of: [.town], to: .entity(.person),
            roles: "mayor\nthe person who governs {s}",
            clauses: "governed by mayor {o}\nwhose mayor is {o}",
            facts: """
                The <mayor|current mayor> of {s} is {o}.
                {o} is the mayor of {s}.
                {s} is <led|run|governed> by <mayor|its mayor,> {o}.
                {s} elected {o} as mayor.
                {o} was <elected|chosen as> mayor of {s}.
                {s} has {o} as mayor.
                """,
            questions: """
                Who is the mayor of {s}?
                Who is <mayor in|mayor of the {t} of> {s}?
                Who <governs|leads|runs> {s}?
                Which person was elected mayor of {s}?
                What is the mayor of {s} called?
                <Name|Give> the mayor of {s}.
                """,
            inverse: """
                Of which {k} is {o} the mayor?
                Which {k} elected {o} as mayor?
                """),
        Relation(
            "population", of: [.town, .island, .country], to: .amount(unit: "people", 1_200...980_000, step: 100),
            roles: "population\nthe number of people in {s}",
            clauses: "with {o}\nhome to {o}",
            facts: """
                {s} has a population of {o}.
                {s} <has|counts> {o}.
                {o} live in {s}.
                The population of {s} is {o}.
                {s} is home to {o}.
                At the last count {s} had {o}.
                """,
            questions: """
                How many people <live in|are there in> {s}?
                What is the population of {s}?
                How <large|big> is the population of {s}?
                To how many people is {s} home?
                How many people does {s} have?
                """,
            comparison: Comparison(
                lower: [
                    "Which has fewer people, {a} or {b}?", "Which {k} is smaller, {a} or {b}?",
                    "Which has the smaller population, {a} or {b}?",
                ],
                higher: [
                    "Which has more people, {a} or {b}?", "Which {k} is larger, {a} or {b}?",
                    "Which has the larger population, {a} or {b}?",
                ])),
        Relation(
            "fame", of: [.town], to: .word(Vocabulary.fame),
            roles: "pride\nthe thing {s} is known for",
            clauses: "known for {o}\nfamous for {o}",
            facts: """
                {s} is <known|famous|well known> for {o}.
                People <visit|come to> {s} for {o}.
                {s} is proud of {o}.
                Guides praise {s} for {o}.
                What makes {s} special is {o}.
                """,
            questions: """
                What is {s} <known|famous> for?
                For what is {s} <known|famous>?
                Why do people <visit|come to> {s}?
                What makes {s} special?
                Of what is {s} proud?
                """),
        Relation(
            "twin", of: [.town], to: .entity(.town),
            roles: "twin {t}\npartner {t}",
            clauses: "twinned with {o}",
            facts: """
                {s} is twinned with {o}.
                The <twin|partner> {t} of {s} is {o}.
                {s} has a <twin|partner> {t}, {o}.
                {o} is the <twin|partner> {t} of {s}.
                {s} and {o} are partner <towns|cities>.
                School classes from {s} travel to its partner {t} {o}.
                """,
            questions: """
                Which {t} is twinned with {s}?
                What is the <twin|partner> {t} of {s}?
                With which {t} is {s} twinned?
                Which partner {t} does {s} have?
                <Name|Give> the partner {t} of {s}.
                """),
        Relation(
            "town_founded", of: [.town], to: .year(1020...1890),
            roles: "year of foundation\nthe year {s} was founded",
            clauses: "founded in {o}",
            facts: """
                {s} was <founded|first mentioned> in {o}.
                {s} <goes back to|dates from> {o}.
                The oldest part of {s} was built in {o}.
                In {o}, {s} became a {t}.
                The history of {s} <begins|starts> in {o}.
                """,
            questions: """
                When was {s} <founded|first mentioned>?
                In <which|what> year was {s} founded?
                From what year does {s} date?
                When does the history of {s} begin?
                How far back does {s} go?
                """,
            comparison: Comparison(
                lower: [
                    "Which {k} is older, {a} or {b}?", "Which was founded <first|earlier>, {a} or {b}?",
                    "Of {a} and {b}, which is the older {k}?",
                ],
                higher: ["Which {k} is younger, {a} or {b}?", "Which was founded <last|later>, {a} or {b}?"])),
        Relation(
            "capital", of: [.country], to: .entity(.town),
            roles: "capital\ncapital city\nthe {t} that is the capital of {s}",
            clauses: "whose capital is {o}\ngoverned from {o}",
            facts: """
                The <capital|capital city> of {s} is {o}.
                {o} is the <capital|capital city> of {s}.
                {s} has its capital in {o}.
                {s} is <governed|ruled> from <{o}|its capital {o}>.
                {s} made {o} its capital.
                The government of {s} sits in {o}.
                """,
            questions: """
                What is the <capital|capital city> of {s}?
                Which {t} is the capital of {s}?
                Where does the government of {s} sit?
                From which {t} is {s} <governed|ruled>?
                <Name|Give> the capital of {s}.
                """,
            inverse: """
                Of which {k} is {o} the capital?
                Which {k} is governed from {o}?
                """),
        Relation(
            "leader", of: [.country], to: .entity(.person),
            roles: "president\nhead of state\nthe person who leads {s}",
            clauses: "led by {o}\nwhose president is {o}",
            facts: """
                The <president|head of state> of {s} is {o}.
                {o} is the president of {s}.
                {s} is <led|ruled> by {o}.
                {s} <chose|elected> {o} as president.
                {o} <leads|heads> the government of {s}.
                """,
            questions: """
                Who is the <president|head of state> of {s}?
                Who <leads|rules> {s}?
                By whom is {s} <led|ruled>?
                Whom did {s} elect as president?
                <Name|Give> the president of {s}.
                """,
            inverse: """
                Which {k} is led by {o}?
                Of which {k} is {o} the president?
                """),
        Relation(
            "currency", of: [.country], to: .coined,
            roles: "currency\nmoney",
            clauses: "where people pay in {o}",
            facts: """
                The <currency|money> of {s} is <the {o}|called {o}>.
                In {s}, people pay <with|in> {o}.
                {s} uses the {o} as its currency.
                Shops in {s} take only the {o}.
                The {o} is the money of {s}.
                """,
            questions: """
                What is the <currency|money> of {s}?
                <Which|What> currency <is used in {s}|does {s} use>?
                With what do people pay in {s}?
                What is the money of {s} called?
                In which currency does one pay in {s}?
                """),
        Relation(
            "language", of: [.country, .island], to: .coined,
            roles: "language\nthe language spoken in {s}",
            clauses: "where people speak {o}",
            facts: """
                The language of {s} is {o}.
                People in {s} speak {o}.
                {o} is <spoken|the main language> in {s}.
                In {s} the <schools|newspapers> use {o}.
                Most people of {s} grow up with {o}.
                Visitors to {s} hear {o} everywhere.
                """,
            questions: """
                <Which|What> language <is spoken in {s}|do people speak in {s}>?
                What is the language of {s}?
                What do people in {s} speak?
                Which language do visitors hear in {s}?
                """),
        Relation(
            "mouth", of: [.river], to: .entity(.lake),
            roles: "mouth\nthe lake into which {s} flows",
            clauses: "flowing into {o}\nthat ends in {o}",
            facts: """
                {s} <flows|runs|empties> into {o}.
                {s} ends in {o}.
                The mouth of {s} is at {o}.
                {o} receives the water of {s}.
                The water of {s} ends up in {o}.
                After many bends {s} reaches {o}.
                """,
            questions: """
                Into <which|what> lake does {s} flow?
                Where does {s} <end|flow>?
                Which lake receives the water of {s}?
                What does {s} <flow|empty> into?
                Where is the mouth of {s}?
                """,
            inverse: """
                Which {k} flows into {o}?
                Which {k} ends in {o}?
                """),
        Relation(
            "source", of: [.river], to: .entity(.mountain),
            roles: "source\nthe mountain where {s} rises",
            clauses: "that rises on {o}\nstarting at {o}",
            facts: """
                {s} <rises|begins|starts> <on|at> {o}.
                The source of {s} is on {o}.
                {s} comes down from {o}.
                {s} has its source at {o}.
                High on {o} lies the source of {s}.
                Melting snow from {o} feeds {s}.
                """,
            questions: """
                Where does {s} <rise|begin|start>?
                On which mountain does {s} rise?
                What is the source of {s}?
                Where is the source of {s}?
                From which mountain does {s} come down?
                """,
            inverse: """
                Which {k} rises on {o}?
                Which {k} has its source at {o}?
                """),
        Relation(
            "river_length", of: [.river, .island, .lake], to: .amount(unit: "kilometres", 12...2_400, step: 1),
            roles: "length",
            clauses: "{o} long",
            facts: """
                {s} is {o} long.
                The length of {s} is {o}.
                {s} <stretches|extends> over {o}.
                From end to end, {s} measures {o}.
                {s} has a length of {o}.
                Somebody measured {s} and found {o} of length.
                <Maps|Guides> give the length of {s} as {o}.
                """,
            questions: """
                How long is {s}?
                What is the length of {s}?
                How many kilometres <long is {s}|does {s} measure>?
                Over how many kilometres does {s} stretch?
                What length does {s} have?
                """,
            comparison: Comparison(
                lower: ["Which {k} is shorter, {a} or {b}?", "Of {a} and {b}, which is shorter?"],
                higher: ["Which {k} is longer, {a} or {b}?", "Of {a} and {b}, which is longer?"])),
        Relation(
            "height", of: [.mountain, .tower], to: .amount(unit: "metres", 40...6_900, step: 1),
            roles: "height",
            clauses: "{o} high\nwith a height of {o}",
            facts: """
                {s} is {o} <high|tall>.
                The height of {s} is {o}.
                {s} <reaches|has> a height of {o}.
                {s} rises {o} above the plain.
                With {o}, {s} can be seen from far away.
                The top of {s} is at {o}.
                """,
            questions: """
                How <high|tall> is {s}?
                What is the height of {s}?
                What height does {s} <reach|have>?
                How many metres <high|tall> is {s}?
                """,
            comparison: Comparison(
                lower: ["Which is lower, {a} or {b}?", "Of {a} and {b}, which is less high?"],
                higher: ["Which is <higher|taller>, {a} or {b}?", "Of {a} and {b}, which is the higher {k}?"])),
        Relation(
            "climber", of: [.mountain], to: .entity(.person),
            roles: "first climber\nthe first person to climb {s}",
            clauses: "first climbed by {o}",
            facts: """
                {s} was first climbed by {o}.
                {o} was the first <to climb|person on top of> {s}.
                The first climber of {s} was {o}.
                The first to reach the top of {s} was {o}.
                The top of {s} was first reached by {o}.
                Nobody had stood on {s} before {o}.
                """,
            questions: """
                Who <first climbed|was the first to climb> {s}?
                Who was the first climber of {s}?
                By whom was {s} first climbed?
                Who stood on {s} first?
                Who first reached the top of {s}?
                """),
        Relation(
            "depth", of: [.lake], to: .amount(unit: "metres", 3...870, step: 1),
            roles: "depth",
            clauses: "{o} deep",
            facts: """
                {s} is {o} deep.
                The depth of {s} is {o}.
                {s} <reaches|has> a depth of {o}.
                The deepest point of {s} lies {o} below the surface.
                Divers went down {o} to the bottom of {s}.
                At its deepest, {s} measures {o}.
                The bottom of {s} is {o} <down|below the boats>.
                """,
            questions: """
                How deep is {s}?
                What is the depth of {s}?
                What depth does {s} <reach|have>?
                How many metres deep is {s}?
                How far down is the bottom of {s}?
                """,
            comparison: Comparison(
                lower: ["Which {k} is less deep, {a} or {b}?", "Of {a} and {b}, which is less deep?"],
                higher: ["Which {k} is deeper, {a} or {b}?", "Of {a} and {b}, which is deeper?"])),
        Relation(
            "main_town", of: [.island], to: .entity(.town),
            roles: "main {t}\nlargest {t}\nport",
            clauses: "whose main {t} is {o}",
            facts: """
                The <main|largest> {t} <of|on> {s} is {o}.
                {o} is the <main|largest> {t} <of|on> {s}.
                Ferries to {s} land at {o}.
                Most people of {s} live in {o}.
                {s} has one {t} of note, {o}.
                """,
            questions: """
                What is the <main|largest> {t} <of|on> {s}?
                Which {t} is the <largest|main one> on {s}?
                Where do ferries to {s} land?
                In which {t} do most people of {s} live?
                """,
            inverse: """
                On which {k} is {o} the main {t}?
                """),
    ]
}
