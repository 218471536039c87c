import Foundation
import TemperCore
import Testing

@testable import TemperEnvironments

/// A small kitchen with one of everything the rules speak of.
func kitchen(goal: String = "(and)", facts: String = "") -> String {
    """
    (define (problem kitchen) ; a comment (
     (:domain alfred)
     (:objects agent1 - agent
       Loc_bar_1 Loc_bar_2 Loc_bar_3 Loc_bar_4 Loc_bar_4 - location
       Fridge_bar_1 Microwave_bar_1 Desk_bar_1 Shelf_bar_1 Shelf_bar_2 Sink_bar_1_bar_SinkBasin - receptacle
       Apple_bar_1 Mug_bar_1 Knife_bar_1 DeskLamp_bar_1 Statue_bar_1 - object
       FridgeType MicrowaveType DeskType ShelfType SinkBasinType - rtype
       AppleType MugType KnifeType DeskLampType StatueType - otype)
     (:init (= (total-cost) 0) (atLocation agent1 Loc_bar_4)
       (receptacleAtLocation Fridge_bar_1 Loc_bar_1) (receptacleAtLocation Microwave_bar_1 Loc_bar_2)
       (receptacleAtLocation Desk_bar_1 Loc_bar_3) (receptacleAtLocation Shelf_bar_1 Loc_bar_3)
       (receptacleAtLocation Shelf_bar_2 Loc_bar_2) (receptacleAtLocation Sink_bar_1_bar_SinkBasin Loc_bar_1)
       (receptacleType Fridge_bar_1 FridgeType) (receptacleType Microwave_bar_1 MicrowaveType)
       (receptacleType Desk_bar_1 DeskType) (receptacleType Shelf_bar_1 ShelfType) (receptacleType Shelf_bar_2 ShelfType)
       (receptacleType Sink_bar_1_bar_SinkBasin SinkBasinType)
       (objectType Apple_bar_1 AppleType) (objectType Mug_bar_1 MugType) (objectType Knife_bar_1 KnifeType)
       (objectType DeskLamp_bar_1 DeskLampType) (objectType Statue_bar_1 StatueType)
       (openable Fridge_bar_1) (openable Microwave_bar_1)
       (inReceptacle Apple_bar_1 Desk_bar_1) (inReceptacle Knife_bar_1 Desk_bar_1) (inReceptacle DeskLamp_bar_1 Desk_bar_1)
       (inReceptacle Statue_bar_1 Desk_bar_1) (inReceptacle Mug_bar_1 Fridge_bar_1)
       (objectAtLocation Apple_bar_1 Loc_bar_3) (objectAtLocation Knife_bar_1 Loc_bar_3)
       (pickupable Apple_bar_1) (pickupable Knife_bar_1) (pickupable Mug_bar_1) (isReceptacleObject Mug_bar_1)
       (cleanable Apple_bar_1) (heatable Apple_bar_1) (coolable Apple_bar_1) (sliceable Apple_bar_1) (toggleable DeskLamp_bar_1)
       (canContain DeskType AppleType) (canContain ShelfType AppleType) (canContain FridgeType AppleType)
       (canContain DeskType KnifeType) (canContain DeskType MugType) \(facts))
     (:goal \(goal)))
    """
}

func kitchenWorld(_ dialect: HouseholdDialect = .release03, goal: String = "(and)", facts: String = "") throws -> HouseholdWorld {
    let problem = try HouseholdProblem(pddl: kitchen(goal: goal, facts: facts), named: "kitchen")
    return try HouseholdWorld(problem, dialect: dialect, named: "kitchen")
}

@Suite struct HouseholdWorldTests {
    /// Plays a script of commands and answers; nil is what is not admissible.
    func check(_ world: inout HouseholdWorld, _ script: [(String, String?)]) {
        for (command, answer) in script {
            let listed = world.admissibleCommands.contains(command)
            #expect(world.perform(command) == answer, "\(command)")
            #expect(listed == (answer != nil), "\(command)")
        }
    }

    @Test("Things are taken, treated, sliced, examined and put down by the rules and in the words of 0.3")
    func release03() throws {
        var world = try kitchenWorld()
        #expect(
            world.opening
                == "You are in the middle of a room. Looking quickly around you, you see a desk 1, a fridge 1, a microwave 1, a shelf 2, "
                + "a shelf 1, and a sinkbasin 1.")
        check(
            &world,
            [
                ("look", "You are in the middle of a room. Looking quickly around you, you see nothing."),
                ("inventory", "You are not carrying anything."), ("help", nil), ("open fridge 1", nil),
                (
                    "go to desk 1",
                    "You arrive at loc 2. On the desk 1, you see a apple 1, a desklamp 1, a knife 1, and a statue 1."
                ),
                ("go to desk 1", nil), ("go to shelf 2", nil), ("examine apple 1", nil), ("take statue 1 from desk 1", nil),
                ("use apple 1", nil), ("use desklamp 1", "You turn on the desklamp 1."),
                ("use desklamp 1", "You turn on the desklamp 1."),
                ("take apple 1 from shelf 1", nil), ("take apple 1 from desk 1", "You pick up the apple 1 from the desk 1."),
                ("take knife 1 from desk 1", nil), ("inventory", "You are carrying: a apple 1."),
                ("examine apple 1", "There's nothing special about apple 1."), ("heat apple 1 with microwave 1", nil),
                ("go to microwave 1", "You arrive at loc 3. The microwave 1 is closed."),
                ("cool apple 1 with microwave 1", nil), ("put apple 1 in/on microwave 1", nil),
                ("heat apple 1 with microwave 1", "You heat the apple 1 using the microwave 1."),
                ("examine apple 1", "This is a hot apple 1."),
                ("go to sinkbasin 1", "You arrive at loc 4. On the sinkbasin 1, you see nothing."),
                ("clean apple 1 with sinkbasin 1", "You clean the apple 1 using the sinkbasin 1."),
                ("examine apple 1", "This is a hot and clean apple 1."),
                ("cool apple 1 with fridge 1", "You cool the apple 1 using the fridge 1."),
                ("examine apple 1", "This is a cool and clean apple 1."),
                ("open fridge 1", "You open the fridge 1. The fridge 1 is open. In it, you see a mug 1."), ("open fridge 1", nil),
                ("close fridge 1", "You close the fridge 1."), ("put apple 1 in/on fridge 1", nil),
                ("go to desk 1", "You arrive at loc 2. On the desk 1, you see a desklamp 1, a knife 1, and a statue 1."),
                ("move apple 1 to shelf 2", nil), ("put apple 1 in/on shelf 2", "You put the apple 1 in/on the shelf 2."),
                ("look", "You are facing the desk 1, and shelf 2. Next to it, you see a apple 1."),
                ("take knife 1 from desk 1", "You pick up the knife 1 from the desk 1."), ("put knife 1 in/on shelf 2", nil),
                ("slice apple 1 with knife 1", "You sliced the apple 1 with the knife 1."), ("slice knife 1 with knife 1", nil),
                ("put knife 1 in/on desk 1", "You put the knife 1 in/on the desk 1."),
                ("take apple 1 from shelf 2", "You pick up the apple 1 from the shelf 2."),
                ("examine apple 1", "This is a cool and clean sliced apple 1."),
                ("examine shelf 2", "On the shelf 2, you see nothing."), ("examine shelf 1", nil),
            ])
    }

    @Test("The words of 0.4: move, the name of the place on arrival, help; objects in bowls are told")
    func release04() throws {
        var world = try kitchenWorld(.release04, facts: "(inReceptacleObject Knife_bar_1 Mug_bar_1)")
        check(
            &world,
            [
                ("go to fridge 1", "You arrive at fridge 1. The fridge 1 is closed."),
                ("open fridge 1", "You open the fridge 1. The fridge 1 is open. In it, you see a mug 1."),
                ("take mug 1 from fridge 1", "You pick up the mug 1 from the fridge 1."),
                ("examine mug 1", "This is a normal mug 1. In it, you see a knife 1."),
                (
                    "go to desk 1",
                    "You arrive at desk 1. On the desk 1, you see a apple 1, a desklamp 1, a knife 1, and a statue 1."
                ),
                ("put mug 1 in/on desk 1", nil), ("move mug 1 to desk 1", "You move the mug 1 to the desk 1."),
            ])
        #expect(world.perform("help")?.hasPrefix("Available commands:\n  look:  ") == true)
    }

    @Test(
        "What is not an exact command does nothing",
        arguments: [
            "", "go", "go to", "go to attic 1", "go to desk", "go to  desk 1", "Go to desk 1", "open", "take apple 1",
            "dance with desk 1",
            "go to desk 1 now", "take apple 1 from desk 1 please now", "put apple 1 in desk 1", "look ", "go to desktype",
        ])
    func nonsense(command: String) throws {
        var world = try kitchenWorld()
        #expect(world.perform(command) == nil)
        #expect(world.opening == (try kitchenWorld()).opening)
    }

    @Test("Goals of all six types are met by the right deeds and by no others")
    func goals() throws {
        let apple: [String] = ["go to desk 1", "take apple 1 from desk 1"]
        let scripts: [(HouseholdKind, String, [String])] = [
            (.place, "shelf", apple + ["put apple 1 in/on shelf 2"]),
            (
                .clean, "desk",
                apple + ["go to sinkbasin 1", "clean apple 1 with sinkbasin 1", "go to desk 1", "put apple 1 in/on desk 1"]
            ),
            (
                .heat, "desk",
                apple + ["go to microwave 1", "heat apple 1 with microwave 1", "go to desk 1", "put apple 1 in/on desk 1"]
            ),
            (
                .cool, "desk",
                apple + ["go to fridge 1", "cool apple 1 with fridge 1", "go to desk 1", "put apple 1 in/on desk 1"]
            ),
            (.examine, "desklamp", apple + ["use desklamp 1"]),
        ]
        for (kind, target, script) in scripts {
            let goal = kind.goal(object: "Apple", target: target)
            #expect(HouseholdKind(goal: try PDDLExpression.parse(goal, named: "goal")) == kind)
            var world = try kitchenWorld(goal: goal)
            for command in script {
                #expect(!world.isWon, "\(kind) before \(command)")
                #expect(world.perform(command) != nil, "\(command)")
            }
            #expect(world.isWon, "\(kind)")
        }
        var two = try kitchenWorld(
            goal: HouseholdKind.placeTwo.goal(object: "Apple", target: "Shelf"),
            facts: "(objectType Mug_bar_1 AppleType) (inReceptacle Mug_bar_1 Shelf_bar_1)")
        #expect(!two.isWon)
        for command in apple + ["put apple 1 in/on shelf 2"] { _ = two.perform(command) }
        #expect(two.isWon)
    }

    @Test("AgentBench's copy of the grammar is of 0.3, and all that the simulator says stands in it")
    func grammarRealData() throws {
        guard let file = realData("agentbench/alfworld/logic/alfred.twl2") else { return }
        let grammar = try String(contentsOf: file, encoding: .utf8)
        #expect(HouseholdDialect(grammar: grammar) == .release03)
        for words in [
            "You arrive at {lend.name}. ", "You open the {r.name}. ", "You close the {r.name}.", "You turn on the {o.name}.",
            "You pick up the {o.name} from the {r.name}.", "You put the {o.name} in/on the {r.name}.", "is open. In it, you see ",
            "You heat the {o.name} using the {r.name}.", "You sliced the {co.name} with the {ko.name}.", "You are carrying: ",
            "You are not carrying anything.", "There's nothing special about {o.name}.",
            "This is a cool and clean sliced {o.name}.",
            "You are in the middle of a room. Looking quickly around you, you see ", "Next to it, you see ",
            "You are facing the ",
        ] { #expect(grammar.contains(words), "\(words)") }
    }

    @Test("Goals may use or, not, forall and types that the room does not have")
    func logic() throws {
        func isWon(_ goal: String) throws -> Bool { try kitchenWorld(goal: goal).isWon }
        #expect(try isWon("(or (opened Fridge_bar_1) (not (opened Fridge_bar_1)))"))
        #expect(try isWon("(forall (?r - receptacle) (not (opened ?r)))"))
        #expect(try !isWon("(forall (?r - receptacle) (openable ?r))"))
        #expect(try !isWon("(exists (?o - object) (objectType ?o SpoonType))"))
        #expect(try isWon("(not (exists (?o - object) (objectType ?o SpoonType)))"))
        #expect(try isWon("(exists (?a - agent ?l - location) (and (atLocation ?a ?l) (not (= ?l Loc_bar_1))))"))
        #expect(try !isWon("(exists (?a - agent ?o - object) (holds ?a ?o))"))
        #expect(HouseholdKind(goal: try PDDLExpression.parse("(and (isSliced ?o) (inReceptacle ?o ?r))", named: "goal")) == nil)
    }

    @Test(
        "Bad problems are named",
        arguments: [
            ("(define (problem x)", "kitchen:1: the PDDL text ends inside a list"),
            ("define", "kitchen:1: the PDDL text holds no list"),
            ("x\n(y)", "kitchen:1: the PDDL text does not start with '('"),
            ("(define (:domain blocks))", "kitchen: the problem is of the domain 'blocks', not of 'alfred'"),
            ("(define (:domain alfred))", "kitchen: the problem has no goal"),
            ("(define (:domain alfred) (:goal (and)) (:objects a - dragon))", "kitchen: 'a' is of the unknown type 'dragon'"),
            (
                "(define (:domain alfred) (:goal (and)) (:objects a - object a - agent))",
                "kitchen: 'a' is declared with two types"
            ),
            ("(define (:domain alfred) (:goal (and)) (:init (isHot a)))", "kitchen: 'a' in 'ishot' is not declared"),
            (
                "(define (:domain alfred) (:goal (and)) (:init (not (isHot a))))",
                "kitchen: a fact of the problem is not of the form (name argument …)"
            ),
            ("(define (:domain alfred) (:goal (and)))", "kitchen: the problem has 0 agents, not one"),
            (
                "(define (:domain alfred) (:goal (and)) (:objects a - agent))",
                "kitchen: the problem does not say where the agent is"
            ),
            (
                "(define (:domain alfred) (:goal (and)) (:objects a - agent l - location) (:init (flies a)))",
                "kitchen: the domain has no fact 'flies'"
            ),
            (
                "(define (:domain alfred) (:goal (and)) (:objects a - agent l - location) (:init (receptacleType a)))",
                "kitchen: the fact 'receptacletype' needs two arguments"
            ),
        ])
    func badProblems(text: String, message: String) {
        let error = #expect(throws: TemperError.self) {
            try HouseholdWorld(HouseholdProblem(pddl: text, named: "kitchen"), dialect: .release03, named: "kitchen")
        }
        #expect(error?.description == "error: " + message && error?.code == .data)
    }

    @Test(
        "Bad goals are named",
        arguments: [
            ("(flies Apple_bar_1)", "the goal names the unknown fact 'flies'"),
            ("(isHot ?o)", "the variable '?o' of the goal is not bound"),
            ("(not)", "'not' takes one condition"), ("(exists (?o - object))", "'exists' takes variables and a condition"),
            ("(forall (?o - dragon) (isHot ?o))", "'?o' is of the unknown type 'dragon'"),
            ("won", "'won' in the goal is not a condition"),
            ("((isHot Apple_bar_1))", "a condition of the goal has no name"),
            ("(inReceptacle Apple_bar_1 (and))", "an argument of 'inreceptacle' in the goal is not a name"),
        ])
    func badGoals(goal: String, message: String) {
        let error = #expect(throws: TemperError.self) { try kitchenWorld(goal: goal) }
        #expect(error?.description == "error: kitchen: " + message)
    }
}
