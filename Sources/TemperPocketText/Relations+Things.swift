/// Bridges, towers, ships, dishes, planets, gadgets.
extension Relation {
    static let things: [Relation] = [
        Relation(
            "crosses", of: [.bridge], to: .entity(.river),
            roles: "the river that {s} crosses\nthe river under {s}",
            clauses: "over the river {o}\ncrossing the {o}",
            facts: """
                {s} <crosses|spans> the <river {o}|{o}>.
                {s} <leads|goes|was built> <over|across> the river {o}.
                Under {s} flows the {o}.
                The {o} flows under {s}.
                The river {o} is crossed by {s}.
                Walkers use {s} to get over the {o}.
                """,
            questions: """
                Which river does {s} <cross|span>?
                Over <which|what> river does {s} <lead|go>?
                What river flows under {s}?
                Which river is crossed by {s}?
                What does {s} cross?
                """,
            inverse: """
                Which {k} crosses the {o}?
                Which {k} leads over the river {o}?
                """),
        Relation(
            "architect", of: [.bridge, .tower], to: .entity(.person),
            roles: "architect\nthe person who designed {s}",
            clauses: "designed by {o}\nbuilt by the architect {o}",
            facts: """
                {s} was <designed|planned|drawn> by {o}.
                The architect of {s} <was|is> {o}.
                {o} <designed|planned> {s}.
                {s} is the work of the architect {o}.
                {o} is the architect of {s}.
                The drawings for {s} came from {o}.
                """,
            questions: """
                Who <designed|planned> {s}?
                Who <was|is> the architect of {s}?
                By whom was {s} <designed|planned>?
                Which architect planned {s}?
                <Name|Give> the architect of {s}.
                """,
            inverse: """
                Which {k} did {o} design?
                Which {k} was <designed|planned> by {o}?
                """),
        Relation(
            "opened", of: [.bridge, .tower], to: .year(years),
            roles: "the year {s} opened\nthe year {s} was opened",
            clauses: "opened in {o}\nbuilt in {o}",
            facts: """
                {s} was <opened|completed|built> in {o}.
                {s} has stood since {o}.
                {s} opened in {o}.
                The opening of {s} <was|took place> in {o}.
                In {o}, {s} was <opened|ready>.
                Since {o}, people have used {s}.
                """,
            questions: """
                When <was {s} opened|was {s} built|did {s} open>?
                In <which|what> year was {s} <opened|built>?
                Since when has {s} stood?
                What year did {s} open?
                When did the opening of {s} take place?
                """,
            comparison: Comparison(
                lower: [
                    "Which was <opened|built> <first|earlier>, {a} or {b}?", "Which {k} is older, {a} or {b}?",
                ],
                higher: [
                    "Which was <opened|built> <last|later>, {a} or {b}?", "Which {k} is newer, {a} or {b}?",
                ])),
        Relation(
            "material", of: [.bridge, .tower, .ship], to: .word(Vocabulary.materials),
            roles: "material\nthe material of {s}",
            clauses: "made of {o}\nbuilt of {o}",
            facts: """
                {s} is <made|built> of {o}.
                {s} was built <from|with> {o}.
                The builders of {s} used {o}.
                The material of {s} is {o}.
                {o} was used for {s}.
                A large amount of {o} went into {s}.
                """,
            questions: """
                Of what <is {s} made|is {s} built>?
                What is {s} <made|built> of?
                <Which|What> material was used for {s}?
                What did the builders of {s} use?
                What is the material of {s}?
                """),
        Relation(
            "builder", of: [.ship, .bridge, .tower], to: .entity(.company),
            roles: "builder\nthe company that built {s}",
            clauses: "built by {o}",
            facts: """
                {s} was <built|constructed> by {o}.
                {o} <built|constructed> {s}.
                The builder of {s} was {o}.
                {s} is a work of the firm {o}.
                The workers of {o} built {s}.
                The order to build {s} went to {o}.
                """,
            questions: """
                Who <built|constructed> {s}?
                Which company <built|constructed> {s}?
                By which firm was {s} built?
                Who was the builder of {s}?
                <Name|Give> the company that built {s}.
                """,
            inverse: """
                Which {k} was built by {o}?
                Which {k} did {o} build?
                """),
        Relation(
            "home_port", of: [.ship], to: .entity(.town),
            roles: "home port\nport",
            clauses: "sailing from {o}\nwhose home port is {o}",
            facts: """
                The home port of {s} is {o}.
                {s} sails from {o}.
                {s} is <at home|registered> in the port of {o}.
                {o} is the home port of {s}.
                After every voyage {s} returns to {o}.
                In winter {s} lies at {o}, its port.
                """,
            questions: """
                What is the home port of {s}?
                From which <{t}|port> does {s} sail?
                Where is {s} <at home|registered>?
                To which port does {s} return?
                In which port is {s} at home?
                <Name|Give> the home port of {s}.
                """,
            inverse: """
                Which {k} sails from {o}?
                Which {k} has its home port in {o}?
                """),
        Relation(
            "launched", of: [.ship, .gadget], to: .year(1850...2022),
            roles: "the year {s} was launched",
            clauses: "launched in {o}",
            facts: """
                {s} was launched in {o}.
                The launch of {s} <was|took place> in {o}.
                In {o}, {s} was launched.
                {s} has been around since {o}.
                People first saw {s} in {o}.
                The first year of {s} was {o}.
                {s} <left the yard|was new|was shown> in {o}.
                """,
            questions: """
                When was {s} launched?
                In <which|what> year was {s} launched?
                Since when has {s} been around?
                What year was the launch of {s}?
                What was the first year of {s}?
                When did people first see {s}?
                """,
            comparison: Comparison(
                lower: ["Which was launched <first|earlier>, {a} or {b}?", "Which {k} is older, {a} or {b}?"],
                higher: ["Which was launched <last|later>, {a} or {b}?", "Which {k} is newer, {a} or {b}?"])),
        Relation(
            "origin", of: [.dish], to: .entity(.town),
            roles: "place of origin\nthe {t} where {s} comes from",
            clauses: "from {o}\nthat comes from {o}",
            facts: """
                {s} comes from {o}.
                {s} was first cooked in {o}.
                The home of {s} is {o}.
                {s} is a {k} from {o}.
                {o} is the place of origin of {s}.
                Cooks in {o} made {s} first.
                {s} is <loved|eaten|cooked> everywhere, but it comes from {o}.
                """,
            questions: """
                Where does {s} come from?
                From <which|what> {t} does {s} come?
                What is the place of origin of {s}?
                Where was {s} first cooked?
                In which {t} was {s} first made?
                """,
            inverse: """
                Which {k} comes from {o}?
                """),
        Relation(
            "ingredient", of: [.dish], to: .word(Vocabulary.ingredients),
            roles: "main ingredient",
            clauses: "made with {o}\nof {o}",
            facts: """
                {s} is made <with|from> {o}.
                The main ingredient of {s} is {o}.
                For {s} one needs <fresh |plenty of |>{o}.
                {s} contains <a lot of |>{o}.
                Without {o} there is no {s}.
                Cooks put {o} into {s}.
                """,
            questions: """
                What is {s} made <with|from>?
                What is the main ingredient of {s}?
                What does {s} contain?
                What does one need for {s}?
                What do cooks put into {s}?
                <Which|What> ingredient is most important for {s}?
                """),
        Relation(
            "inventor", of: [.dish, .gadget], to: .entity(.person),
            roles: "inventor\nthe person who invented {s}",
            clauses: "invented by {o}",
            facts: """
                {s} was invented by {o}.
                {o} invented {s}.
                The inventor of {s} is {o}.
                {s} goes back to an idea of {o}.
                It was {o} who invented {s}.
                {o} is the inventor of {s}.
                One rainy evening {o} invented {s}.
                """,
            questions: """
                Who invented {s}?
                Who is the inventor of {s}?
                By whom was {s} invented?
                Whose idea was {s}?
                <Name|Give> the inventor of {s}.
                Which person invented {s}?
                Who had the idea for {s}?
                """,
            inverse: """
                What did {o} invent?
                Which {k} was invented by {o}?
                """),
        Relation(
            "cooking_time", of: [.dish], to: .amount(unit: "minutes", 10...180, step: 5),
            roles: "cooking time",
            clauses: "that cooks for {o}",
            facts: """
                {s} <cooks|is cooked|stays on the fire> for {o}.
                The cooking time of {s} is {o}.
                {s} is ready after {o}.
                It takes {o} to cook {s}.
                {s} needs {o} on a small fire.
                Wait {o} before you serve {s}.
                """,
            questions: """
                How long does {s} <cook|take|need>?
                What is the cooking time of {s}?
                How many minutes does {s} <cook|need>?
                After how many minutes is {s} ready?
                How long should {s} stay on the fire?
                """,
            comparison: Comparison(
                lower: ["Which takes less time, {a} or {b}?", "Which {k} is ready sooner, {a} or {b}?"],
                higher: ["Which takes more time, {a} or {b}?", "Which {k} needs longer, {a} or {b}?"])),
        Relation(
            "discoverer", of: [.planet], to: .entity(.person),
            roles: "discoverer\nthe person who discovered {s}",
            clauses: "discovered by {o}\nfirst seen by {o}",
            facts: """
                {s} was <discovered|found|first seen> by {o}.
                {o} <discovered|found> {s}.
                The discoverer of {s} is {o}.
                {o} was the first to see {s}.
                It was {o} who discovered {s}.
                {s} showed itself first to {o}.
                """,
            questions: """
                Who <discovered|found|first saw> {s}?
                Who is the discoverer of {s}?
                By whom was {s} <discovered|found>?
                Who was the first to see {s}?
                <Name|Give> the discoverer of {s}.
                """,
            inverse: """
                Which {k} did {o} discover?
                Which {k} was <discovered|found> by {o}?
                """),
        Relation(
            "moons", of: [.planet], to: .amount(unit: "moons", 2...60, step: 1),
            roles: "the number of moons of {s}",
            clauses: "with {o}",
            facts: """
                {s} has {o}.
                {o} <circle|travel around> {s}.
                Astronomers have counted {o} around {s}.
                {s} is circled by {o}.
                There are {o} near {s}.
                At night one sees {o} above {s}.
                {s} has <the company of|no ring, but> {o}.
                {s} travels with {o}.
                """,
            questions: """
                How many moons does {s} have?
                How many moons <circle|travel around> {s}?
                What is the number of moons of {s}?
                How many moons are there near {s}?
                By how many moons is {s} circled?
                """,
            comparison: Comparison(
                lower: ["Which has fewer moons, {a} or {b}?", "Which {k} has the smaller number of moons, {a} or {b}?"],
                higher: ["Which has more moons, {a} or {b}?", "Which {k} has the larger number of moons, {a} or {b}?"])),
        Relation(
            "star", of: [.planet], to: .coined,
            roles: "star\nthe star that {s} circles",
            clauses: "that circles the star {o}",
            facts: """
                {s} <circles|travels around|moves around> the star {o}.
                The star of {s} is <{o}|called {o}>.
                {o} is the sun of {s}.
                {s} gets its light from <{o}|the star {o}>.
                The sun of {s} is the star {o}.
                """,
            questions: """
                <Which|What> star does {s} <circle|travel around>?
                What is the star of {s}<?| called?>
                Around which star does {s} move?
                From which star does {s} get its light?
                """),
        Relation(
            "maker", of: [.gadget], to: .entity(.company),
            roles: "maker\nmanufacturer\nthe company that makes {s}",
            clauses: "made by {o}\nsold by {o}",
            facts: """
                {s} is <made|produced|sold|built> by {o}.
                {o} <makes|produces|sells> {s}.
                The maker of {s} is {o}.
                {o} is the company that makes {s}.
                {s} comes from <the firm |the factories of |>{o}.
                On the back of {s} one reads the name of its maker, {o}.
                """,
            questions: """
                Who <makes|produces|sells> {s}?
                Which company <makes|produces|sells> {s}?
                Who is the <maker|manufacturer> of {s}?
                By which company is {s} <made|produced>?
                From which firm does {s} come?
                """,
            inverse: """
                Which {k} is made by {o}?
                Which {k} does {o} make?
                """),
        Relation(
            "price", of: [.gadget, .dish], to: .amount(unit: "coins", 4...990, step: 1),
            roles: "price\ncost",
            clauses: "that costs {o}",
            facts: """
                {s} costs {o}.
                The price of {s} is {o}.
                One pays {o} for {s}.
                {s} is sold for {o}.
                Shops ask {o} for {s}.
                You can buy {s} for {o}.
                """,
            questions: """
                How much <is {s}|does {s} cost>?
                What is the price of {s}?
                What does {s} cost?
                How much does one pay for {s}?
                For how much is {s} sold?
                How many coins does {s} cost?
                """,
            comparison: Comparison(
                lower: ["Which is cheaper, {a} or {b}?", "Which {k} costs less, {a} or {b}?"],
                higher: ["Which is more expensive, {a} or {b}?", "Which {k} costs more, {a} or {b}?"])),
        Relation(
            "weight", of: [.gadget, .ship], to: .amount(unit: "kilograms", 1...950, step: 1),
            roles: "weight",
            clauses: "that weighs {o}",
            facts: """
                {s} weighs {o}.
                The weight of {s} is {o}.
                {s} has a weight of {o}.
                On the scales {s} shows {o}.
                With {o}, {s} is <easy|hard> to carry.
                Its makers say that {s} weighs {o}.
                {s} adds {o} to the load.
                To lift {s} is to lift {o}.
                """,
            questions: """
                How <heavy is {s}|much does {s} weigh>?
                What is the weight of {s}?
                What does {s} weigh?
                How many kilograms does {s} weigh?
                What weight does {s} have?
                """,
            comparison: Comparison(
                lower: ["Which is lighter, {a} or {b}?", "Which {k} weighs less, {a} or {b}?"],
                higher: ["Which is heavier, {a} or {b}?", "Which {k} weighs more, {a} or {b}?"])),
    ]
}
