import TemperCore
import TemperPocketText

/// The names of things in generated homes: compounds in ALFRED's manner (`teacup`, `tinspoon`), each of one partition by its
/// hash.
enum PocketHomeNouns {
    private static let first = [
        "tea", "tin", "ink", "oak", "wax", "jam", "fig", "nut", "egg", "pea", "rye", "silk", "wool", "clay", "rope", "leaf",
        "fish",
        "corn", "milk", "salt", "rice", "bean", "pear", "plum", "lime", "mint", "rose", "lily", "moss", "fern", "sand", "snow",
        "rain",
        "moon", "star", "bird", "duck", "goat", "bear", "wolf", "pony", "cat", "dog", "bee", "crab", "gold", "iron", "zinc",
        "coal",
        "hair", "foot", "hand", "nose", "neck", "baby", "doll", "golf", "ski", "bike", "boat", "card", "chess", "paint",
    ]
    private static let second = [
        "cup", "jar", "pot", "can", "pan", "tray", "dish", "fork", "spoon", "knife", "ladle", "brush", "comb", "cloth", "towel",
        "rag",
        "sock", "shoe", "boot", "hat", "cap", "scarf", "glove", "belt", "ring", "coin", "key", "lock", "bell", "ball", "bat",
        "card",
        "book", "map", "pen", "chalk", "clock", "watch", "fan", "vase", "mask", "toy", "drum", "flute", "rope", "tape", "nail",
        "saw",
    ]

    /// All compounds of a partition, in a fixed order.
    private static let byPartition: [WorldPartition: [String]] = Dictionary(
        grouping: first.flatMap { head in second.filter { $0 != head }.map { head + $0 } }, by: WorldPartition.of)

    static func all(_ partition: WorldPartition) -> [String] { byPartition[partition] ?? [] }
}
