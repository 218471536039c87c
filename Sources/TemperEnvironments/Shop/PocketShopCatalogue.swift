import Synchronization
import TemperCore

/// What a goal of the pocket shop turns on.
enum PocketShopChallenge: String, Sendable, CaseIterable {
    /// The others that match cost too much.
    case price
    /// Another that matches and is cheap enough lacks the second attribute; the titles tell.
    case attribute
    /// Another that matches and is cheap enough does not come in the colour.
    case option
    /// Another that matches and is cheap enough lacks the second attribute; only the pages of features tell.
    case features
    /// All on the first page cost too much.
    case nextPage = "next-page"
}

/// Products of one kind and adjective that a search for these two finds first, in this order, and the one a goal asks for.
struct PocketShopGroup: Sendable {
    var challenge: PocketShopChallenge
    var kind: PocketShopWords.Kind
    var adjective: String
    /// The second attribute; nil where the goal has one only.
    var extra: String?
    /// Place of the wanted product in the catalogue.
    var target: Int
    /// Tens of dollars that tell the wanted product from the dear ones.
    var limits: ClosedRange<Int>
}

/// The generated shop of a split: 10,000 products in groups made for goals, and fillers.
///
/// It follows from the split alone. Brands and asins belong to the split's partition, so no product of one split occurs in
/// another.
final class PocketShopCatalogue: Sendable {
    static let size = 10_000
    private static let brands = 400

    let catalogue: ShopCatalogue
    let groups: [PocketShopGroup]

    private static let built = Mutex<[PocketSplit: PocketShopCatalogue]>([:])

    /// Built at the first call, then shared by the whole process.
    static func shared(_ split: PocketSplit) -> PocketShopCatalogue {
        // Held while building: others that want the same catalogue wait for it.
        built.withLock { known in
            if let catalogue = known[split] { return catalogue }
            let catalogue = PocketShopCatalogue(split)
            known[split] = catalogue
            return catalogue
        }
    }

    init(_ split: PocketSplit) {
        var builder = PocketShopBuilder(split: split, brands: Self.brands, size: Self.size)
        for kind in PocketShopWords.kinds {
            for adjective in PocketShopWords.adjectives { builder.addGroup(kind, adjective) }
        }
        builder.addFillers()
        catalogue = ShopCatalogue(builder.products.compactMap { $0 })
        groups = builder.groups
    }
}
