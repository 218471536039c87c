import TemperCore

/// The options of `db`.
struct DatabaseOptions: Configurable {
    enum Server: String, Codable, Hashable, ConfigurationChoice { case sqlite, mariadb }

    var server = Server.sqlite
    /// Seconds; 0 is the server's own limit.
    var timeLimit = 0
    var repair = false

    static let keys: [ConfigurationKey<DatabaseOptions>] = [
        ConfigurationKey("server", \.server, "What carries out the SQL."),
        ConfigurationKey(
            "time_limit", \.timeLimit, in: .within(0...3_600), "Seconds for one statement; 0 takes the server's own limit."),
        ConfigurationKey(
            "repair", \.repair, "Repairs the tables of every task, also of those whose reference fits them as they are."),
    ]
}
