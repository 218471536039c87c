import TemperCore
import TemperPocketText

/// Fills the shelves of a pocket shop.
struct PocketShopBuilder {
    private(set) var products: [ShopProduct?]
    private(set) var groups: [PocketShopGroup] = []
    private let split: PocketSplit
    private var random: RandomSource
    private var brands: [String] = []
    private var asins: [String] = []
    /// Places still free, in random order, so that equal search results come in random order.
    private var free: [Int]

    init(split: PocketSplit, brands count: Int, size: Int) {
        self.split = split
        products = Array(repeating: nil, count: size)
        random = RandomSource(seed: 1, "pocket-shop", split.rawValue)
        free = Array(0..<size).shuffled(using: &random)
        var forge = NameForge(partition: split.partition, random: RandomSource(seed: 1, "pocket-shop-brands", split.rawValue))
        var seen: Set<String> = []
        let forbidden = PocketShopWords.colours + ["small", "large", "twin", "king"]
        while brands.count < count {
            let brand = forge.root(syllables: 2...2)
            if brand.count <= 7, !forbidden.contains(where: brand.lowercased().contains), seen.insert(brand).inserted {
                brands.append(brand)
            }
        }
        while asins.count < size {
            let letter = UnicodeScalar(UInt8(ascii: "A") + UInt8(random.index(below: 26)))
            let asin = "\(Character(letter))\(1000 + random.index(below: 9000))"
            if WorldPartition.of(asin) == split.partition, seen.insert(asin).inserted { asins.append(asin) }
        }
    }

    /// Three or four products of one kind and adjective. Which of them a goal can mean follows from the challenge.
    mutating func addGroup(_ kind: PocketShopWords.Kind, _ adjective: String) {
        var challenge = random.pick(Self.challenges)
        // The way over the pages of features is long; a second option would make it too long.
        if challenge == .features, !kind.sizes.isEmpty { challenge = .price }
        let count = challenge == .nextPage ? 4 : 3
        let places = takePlaces(count)
        // The last place is the second page.
        let order = challenge == .nextPage ? [3, 0, 1, 2] : Array(0..<count).shuffled(using: &random)
        let brands = pickDistinct(self.brands, count)
        let extras = pickDistinct(PocketShopWords.extras, 2)
        let palette = pickDistinct(PocketShopWords.colours, kind.sizes.isEmpty ? 8 : 6)
        let tens = prices(challenge, count)
        for member in 0..<count {
            // Members: 0 is wanted, 1 its rival, the others are dear.
            let isRival = member == 1
            let half = palette.count / 2
            let colours = challenge == .option && isRival ? palette.suffix(half) : palette.prefix(half)
            let hasOther = isRival && (challenge == .attribute || challenge == .features)
            let product = product(
                kind, adjective, brand: brands[member], extra: hasOther ? extras[1] : extras[0],
                namesExtra: challenge == .attribute, colours: Array(colours),
                dollars: tens[member] * 10 + 1 + random.index(below: 9))
            place(product, at: places[order[member]])
        }
        let cheap = challenge == .price || challenge == .nextPage ? tens[0] : max(tens[0], tens[1])
        let dear = challenge == .price ? tens[1...].min() : challenge == .nextPage ? tens[1...].min() : tens[2]
        groups.append(
            PocketShopGroup(
                challenge: challenge, kind: kind, adjective: adjective,
                extra: challenge == .attribute || challenge == .features ? extras[0] : nil, target: places[order[0]],
                limits: (cheap + 1)...max(cheap + 1, dear ?? 0)))
    }

    /// Products without an adjective in every place that is still free.
    mutating func addFillers() {
        while !free.isEmpty {
            let kind = random.pick(PocketShopWords.kinds)
            let colours = pickDistinct(PocketShopWords.colours, kind.sizes.isEmpty ? 4 : 3)
            let product = product(
                kind, nil, brand: random.pick(brands), extra: random.pick(PocketShopWords.extras), namesExtra: false,
                colours: colours,
                dollars: 10 + random.index(below: 90))
            place(product, at: takePlaces(1)[0])
        }
    }

    /// How often each challenge is drawn; sized kinds turn `features` into `price`.
    private static let challenges: [PocketShopChallenge] =
        Array(repeating: .price, count: 4) + Array(repeating: .attribute, count: 5) + Array(repeating: .option, count: 5)
        + Array(repeating: .features, count: 6) + Array(repeating: .nextPage, count: 4)

    /// Tens of dollars of each member, all different, the first one or two below the rest.
    private mutating func prices(_ challenge: PocketShopChallenge, _ count: Int) -> [Int] {
        let sorted = pickDistinct(Array(1...9), count).sorted()
        if challenge == .price || challenge == .nextPage { return [sorted[0]] + sorted[1...].shuffled(using: &random) }
        return [sorted[0], sorted[1]].shuffled(using: &random) + sorted[2...]
    }

    private mutating func product(
        _ kind: PocketShopWords.Kind, _ adjective: String?, brand: String, extra: String, namesExtra: Bool, colours: [String],
        dollars: Int
    ) -> ShopProduct {
        let words = [adjective, kind.name].compactMap { $0 }.joined(separator: " ")
        let tail = namesExtra ? " with \(PocketShopWords.capitalised(extra))" : ""
        var options = [ShopProduct.Option("color", colours)]
        if !kind.sizes.isEmpty { options.append(ShopProduct.Option("size", kind.sizes)) }
        let sentences = PocketShopWordings.about(split)
        let values: [Character: String] = ["n": brand, "k": kind.name, "e": extra]
        return ShopProduct(
            asin: "", title: "\(brand) \(PocketShopWords.capitalised(words))\(tail)",
            description: random.pick(sentences.descriptions).filled(values),
            bulletPoints: [adjective, extra].compactMap { $0 } + [random.pick(sentences.features).filled(values)],
            attributes: [adjective, extra].compactMap { $0 }, options: options, prices: [Double(dollars)], query: kind.name,
            productCategory: "\(kind.category) › \(PocketShopWords.capitalised(kind.name))",
            reviews: [random.pick(sentences.reviews).filled(values)])
    }

    private mutating func place(_ product: ShopProduct, at index: Int) {
        var product = product
        product.asin = asins[index]
        products[index] = product
    }

    private mutating func takePlaces(_ count: Int) -> [Int] {
        precondition(free.count >= count, "the groups of the pocket shop fill more than its places")
        let places = Array(free.suffix(count)).sorted()
        free.removeLast(count)
        return places
    }

    private mutating func pickDistinct<Element>(_ list: [Element], _ count: Int) -> [Element] {
        Array(list.shuffled(using: &random).prefix(count))
    }
}
