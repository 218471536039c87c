import TemperCore

/// The one option of a generated suite with an expert that can be made to err.
struct ImperfectOptions: Configurable {
    var imperfect = 0.0

    static let keys: [ConfigurationKey<ImperfectOptions>] = [
        ConfigurationKey(
            "imperfect", \.imperfect, in: .within(0...1), "The share of tasks on which the scripted expert makes mistakes.")
    ]
}
