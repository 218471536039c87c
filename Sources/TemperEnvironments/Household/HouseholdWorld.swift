import TemperCore

/// A room one can act in, by the rules of ALFRED's domain (`alfred.pddl`) as ALFWorld plays it.
///
/// Preconditions and effects are those of the domain's actions. An action that would change nothing is left out as the planner
/// below ALFWorld leaves it out, so going to the place one is at is not possible.
package struct HouseholdWorld: Sendable {
    package let dialect: HouseholdDialect
    let map: HouseholdMap
    private(set) var state: HouseholdState
    private let goal: HouseholdGoal
    /// Whether the goal holds.
    package private(set) var isWon: Bool

    /// - Throws: ``TemperError`` with code `data` for a problem that is not of the domain.
    package init(_ problem: HouseholdProblem, dialect: HouseholdDialect, named place: String) throws {
        self.dialect = dialect
        map = try HouseholdMap(problem, named: place)
        state = try HouseholdState(problem, map, named: place)
        goal = try HouseholdGoal(problem.goal, map, named: place)
        isWon = goal.holds(in: state)
    }

    /// What the player sees first, without the greeting and the task.
    package var opening: String { HouseholdSpeech(map: map, state: state, dialect: dialect).look(isOpening: true) }

    /// Carries out a command and returns what ALFWorld prints; nil when the command is not admissible.
    package mutating func perform(_ text: some StringProtocol) -> String? {
        guard let command = HouseholdCommand(text, map, dialect), isAdmissible(command) else { return nil }
        apply(command)
        return HouseholdSpeech(map: map, state: state, dialect: dialect).feedback(command)
    }

    /// Every command that does something now, sorted.
    package var admissibleCommands: [String] {
        var commands: [HouseholdCommand] = [.look, .inventory]
        if dialect == .release04 { commands.append(.help) }
        commands += map.receptacles.map { .goTo($0) } + state.held.map { .examineObject($0) }
        for receptacle in map.receptaclesAt[state.place] {
            commands += [.open(receptacle), .close(receptacle), .examineReceptacle(receptacle)]
            for object in state.contents[receptacle] {
                commands += [.take(object: object, receptacle: receptacle), .use(object)]
            }
            for object in state.held {
                commands.append(.put(object: object, receptacle: receptacle))
                commands += HouseholdCommand.Treatment.allCases.map { .treat($0, object: object, receptacle: receptacle) }
            }
        }
        for object in state.objectsAt[state.place] { commands += state.held.map { .slice(object: object, knife: $0) } }
        let texts = commands.filter(isAdmissible).map { $0.text(map.names, dialect) }
        return Set(texts).sorted()
    }

    /// The preconditions of the domain's actions.
    private func isAdmissible(_ command: HouseholdCommand) -> Bool {
        switch command {
        case .look, .inventory, .help: return true
        case .goTo(let receptacle): return destination(receptacle) != nil
        case .open(let receptacle):
            return isHere(receptacle) && traits(receptacle).contains(.openable) && !traits(receptacle).contains(.opened)
        case .close(let receptacle): return isHere(receptacle) && traits(receptacle).isSuperset(of: [.openable, .opened])
        case .take(let object, let receptacle):
            return isReachable(receptacle) && state.contents[receptacle].contains(object) && traits(object).contains(.pickupable)
                && !traits(map.agent).contains(.holdsAny)
        case .put(let object, let receptacle):
            return state.held.contains(object) && isReachable(receptacle) && map.fits(object, in: receptacle)
        case .use(let object):
            return traits(object).contains(.toggleable)
                && map.receptaclesAt[state.place].contains { state.contents[$0].contains(object) }
        case .treat(let treatment, let object, let receptacle):
            let trait: HouseholdTraits =
                switch treatment {
                case .clean: .cleanable
                case .heat: .heatable
                case .cool: .coolable
                }
            return isHere(receptacle) && state.held.contains(object) && traits(object).contains(trait)
                && map.isOfType(receptacle, treatment.appliance + "type")
        case .slice(let object, let knife):
            return state.held.contains(knife) && state.objectsAt[state.place].contains(object)
                && traits(object).contains(.sliceable)
                && (map.isOfType(knife, "knifetype") || map.isOfType(knife, "butterknifetype"))
        case .examineReceptacle(let receptacle): return isHere(receptacle)
        // The domain also allows what lies in reach, but a comma in its text ("?l - location, ?r") makes a type that nothing has.
        case .examineObject(let object): return state.held.contains(object)
        }
    }

    /// The effects of the domain's actions.
    private mutating func apply(_ command: HouseholdCommand) {
        switch command {
        case .look: state.traits[state.place].insert(.checked)
        case .inventory, .help: state.traits[map.agent].insert(.checked)
        case .examineReceptacle(let it), .examineObject(let it): state.traits[it].insert(.checked)
        case .goTo(let receptacle): state.place = destination(receptacle) ?? state.place
        case .open(let receptacle): state.traits[receptacle].formUnion([.opened, .checked])
        case .close(let receptacle): state.traits[receptacle].remove(.opened)
        case .take(let object, let receptacle):
            state.contents[receptacle].removeNumber(object)
            state.takenFrom[receptacle].insertInOrder(object)
            state.held.insertInOrder(object)
            state.traits[map.agent].insert(.holdsAny)
            state.objectsAt[state.place].removeNumber(object)
        case .put(let object, let receptacle):
            state.contents[receptacle].insertInOrder(object)
            state.takenFrom[receptacle].removeNumber(object)
            state.held.removeNumber(object)
            state.traits[map.agent].remove(.holdsAny)
            state.objectsAt[state.place].insertInOrder(object)
        case .use(let object):
            state.traits[object].formSymmetricDifference(.isOn)
            state.traits[object].insert(.isToggled)
        case .treat(.clean, let object, _): state.traits[object].insert(.isClean)
        case .treat(.heat, let object, _):
            state.traits[object].insert(.isHot)
            state.traits[object].remove(.isCool)
        case .treat(.cool, let object, _):
            state.traits[object].insert(.isCool)
            state.traits[object].remove(.isHot)
        case .slice(let object, _): state.traits[object].insert(.isSliced)
        }
        isWon = goal.holds(in: state)
    }

    private func traits(_ entity: Int) -> HouseholdTraits { state.traits[entity] }
    private func isHere(_ receptacle: Int) -> Bool { map.receptaclesAt[state.place].contains(receptacle) }

    /// Whether the agent stands at a receptacle that is open, or needs no opening.
    private func isReachable(_ receptacle: Int) -> Bool {
        isHere(receptacle) && (!traits(receptacle).contains(.openable) || traits(receptacle).contains(.opened))
    }

    private func destination(_ receptacle: Int) -> Int? { map.placesOf[receptacle].first { $0 != state.place } }
}
