/// What ALFWorld prints, by the rules of its grammar (`alfred.twl2`).
struct HouseholdSpeech {
    let map: HouseholdMap
    let state: HouseholdState
    let dialect: HouseholdDialect

    /// The answer to a command that was just carried out.
    func feedback(_ command: HouseholdCommand) -> String {
        func name(_ entity: Int) -> String { map.names[entity] }
        switch command {
        case .look: return look(isOpening: false)
        case .inventory:
            let holdsAny = state.traits[map.agent].contains(.holdsAny)
            return holdsAny ? "You are carrying: \(list(state.held))." : "You are not carrying anything."
        case .help: return Self.help
        case .goTo(let receptacle):
            return "You arrive at \(name(dialect == .release03 ? state.place : receptacle)). \(contents(of: receptacle))"
        case .open(let receptacle): return "You open the \(name(receptacle)). \(contents(of: receptacle))"
        case .close(let receptacle): return "You close the \(name(receptacle))."
        case .take(let object, let receptacle): return "You pick up the \(name(object)) from the \(name(receptacle))."
        case .put(let object, let receptacle):
            return dialect == .release03
                ? "You put the \(name(object)) in/on the \(name(receptacle))."
                : "You move the \(name(object)) to the \(name(receptacle))."
        // The grammar asks whether the lamp was ever used, not whether it is on.
        case .use(let object): return "You turn on the \(name(object))."
        case .treat(let treatment, let object, let receptacle):
            return "You \(treatment.rawValue) the \(name(object)) using the \(name(receptacle))."
        case .slice(let object, let knife): return "You sliced the \(name(object)) with the \(name(knife))."
        case .examineReceptacle(let receptacle): return contents(of: receptacle)
        case .examineObject(let object): return description(of: object)
        }
    }

    /// - Parameter isOpening: in the middle of a room only the opening lists the receptacles; the command `look` shows nothing
    ///   there, since the grammar then asks for receptacles at that very place.
    func look(isOpening: Bool) -> String {
        let here = map.receptaclesAt[state.place]
        guard !here.isEmpty else {
            return
                "You are in the middle of a room. Looking quickly around you, you see \(list(isOpening ? map.receptacles : []))."
        }
        // Things that were taken from a receptacle here and now lie at this place in another.
        let beside = state.objectsAt[state.place].flatMap { object in
            here.filter { state.takenFrom[$0].contains(object) }.map { _ in object }
        }
        return "You are facing the \(joined(here.map { map.names[$0] })). Next to it, you see \(list(beside))."
    }

    private func contents(of receptacle: Int) -> String {
        let traits = state.traits[receptacle]
        let name = map.names[receptacle]
        if !traits.contains(.openable) { return "On the \(name), you see \(list(state.contents[receptacle]))." }
        if !traits.contains(.opened) { return "The \(name) is closed." }
        return "The \(name) is open. In it, you see \(list(state.contents[receptacle]))."
    }

    private func description(of object: Int) -> String {
        let traits = state.traits[object]
        let name = map.names[object]
        if traits.contains(.isReceptacleObject) { return "This is a normal \(name). In it, you see \(list(map.inside[object]))." }
        for (needed, words) in Self.states where traits.isSuperset(of: needed) { return "This is a \(words) \(name)." }
        if traits.isSuperset(of: [.toggleable, .isToggled]) { return "This \(name) is on." }
        if traits.isSuperset(of: [.sliceable, .isSliced]) { return "This is a sliced \(name)." }
        return "There's nothing special about \(name)."
    }

    private func list(_ entities: [Int]) -> String { joined(entities.map { "a " + map.names[$0] }) }

    private func joined(_ items: [String]) -> String {
        guard let last = items.last else { return "nothing" }
        return items.count == 1 ? last : items.dropLast().joined(separator: ", ") + ", and " + last
    }

    /// The states in the grammar's order: the first that fits is said.
    private static let states: [(HouseholdTraits, String)] = [
        ([.isClean, .isHot, .isSliced], "hot and clean sliced"), ([.isClean, .isCool, .isSliced], "cool and clean sliced"),
        ([.isClean, .isSliced], "clean sliced"), ([.isHot, .isSliced], "hot sliced"), ([.isCool, .isSliced], "cool sliced"),
        ([.isClean, .isHot], "hot and clean"), ([.isClean, .isCool], "cool and clean"), (.isHot, "hot"), (.isClean, "clean"),
        (.isCool, "cold"),
    ]

    private static let help = """
        Available commands:
          look:                             look around your current location
          inventory:                        check your current inventory
          go to (receptacle):               move to a receptacle
          open (receptacle):                open a receptacle
          close (receptacle):               close a receptacle
          take (object) from (receptacle):  take an object from a receptacle
          move (object) to (receptacle):  place an object in or on a receptacle
          examine (something):              examine a receptacle or an object
          use (object):                     use an object
          heat (object) with (receptacle):  heat an object using a receptacle
          clean (object) with (receptacle): clean an object using a receptacle
          cool (object) with (receptacle):  cool an object using a receptacle
          slice (object) with (object):     slice an object using a sharp object

        """
}
