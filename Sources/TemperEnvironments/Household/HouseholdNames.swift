/// The names a player sees for the ids of a problem, numbered as ALFWorld numbers them.
///
/// The name is the part before `_bar_` (with `basin` added where the id holds that word), and in order of id the first of a
/// name gets the highest number. Ids without `_bar_` have no number.
enum HouseholdNames {
    /// - Parameter ids: those that occur in a fact of the start, each once, in order.
    static func names(of ids: [String]) -> [String] {
        let bases = ids.map(base)
        var left: [String: Int] = [:]
        for case let base? in bases { left[base, default: 0] += 1 }
        return zip(ids, bases).map { id, base in
            // ALFWorld leaves the space before the missing number.
            guard let base, let number = left[base] else { return id + " " }
            left[base] = number - 1
            return "\(base) \(number)"
        }
    }

    private static func base(_ id: String) -> String? {
        guard let bar = id.firstIndex(ofBytes: "_bar_") else { return nil }
        return id[..<bar] + (id.contains(bytes: "basin") ? "basin" : "")
    }
}
