/// The names a player sees for the ids of a problem, numbered as ALFWorld numbers them.
///
/// The name is what stands before `_bar_` (with `basin` added where the id holds that word), and in order of id the first of a
/// name gets the highest number. Ids without `_bar_` have no number.
enum HouseholdNames {
    /// - Parameter ids: those that occur in a fact of the start, each once.
    static func names(of ids: some Collection<String>) -> [String: String] {
        let sorted = ids.sorted()
        var left: [String: Int] = [:]
        for id in sorted { if let name = base(id) { left[name, default: 0] += 1 } }
        var names: [String: String] = [:]
        for id in sorted {
            guard let name = base(id), let number = left[name] else {
                // ALFWorld leaves the space before the missing number.
                names[id] = id + " "
                continue
            }
            names[id] = "\(name) \(number)"
            left[name] = number - 1
        }
        return names
    }

    private static func base(_ id: String) -> String? {
        guard let bar = id.firstRange(of: "_bar_") else { return nil }
        return id[..<bar.lowerBound] + (id.contains("basin") ? "basin" : "")
    }
}
