import TemperCore

/// The options of `pocket/household`.
struct PocketHouseholdOptions: Configurable {
    var imperfect = ImperfectOptions()
    var dialect = HouseholdDialect.release03

    static let keys: [ConfigurationKey<PocketHouseholdOptions>] =
        ConfigurationKey.all(of: \.imperfect) + [
            ConfigurationKey("dialect", \.dialect, "Whose words the simulator uses: those of ALFWorld up to 0.3, or from 0.4 on.")
        ]
}

/// The options of `alfworld`.
struct AlfworldOptions: Configurable {
    var games: String?
    var python: String?
    var dialect = HouseholdDialect.release03
    var engine = AlfworldSuite.Engine.simulator

    static let keys: [ConfigurationKey<AlfworldOptions>] = [
        ConfigurationKey(
            "games", \.games, "The folder of game files; without it the one that ALFWorld itself uses, `ALFWORLD_DATA`."),
        ConfigurationKey("python", \.python, "A Python interpreter with the package `alfworld`, for engine `python`."),
        ConfigurationKey("dialect", \.dialect, "Whose words the simulator uses: those of ALFWorld up to 0.3, or from 0.4 on."),
        ConfigurationKey("engine", \.engine, "Temper's own simulator, or TextWorld in Python."),
    ]
}
