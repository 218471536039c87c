/// What the pocket shop sells, and how it is described.
enum PocketShopWords {
    /// A kind of product.
    struct Kind: Sendable, Hashable {
        var name: String
        /// `Home › Kitchen`.
        var category: String
        /// Empty when it comes in one size.
        var sizes: [String]
    }

    static let kinds: [Kind] =
        list(
            "Home › Kitchen", [],
            "mug kettle frying-pan lunch-pail cutting-board bread-bin teapot blender toaster salad-bowl apron")
        + list("Home › Bath", [], "bath-mat shower-cap soap-dish hair-brush wash-cloth bath-towel laundry-basket")
        + list(
            "Home › Bedroom", ["twin", "queen", "king"], "quilt bed-sheet mattress-cover blanket pillow-case bed-canopy duvet")
        + list("Garden › Tools", [], "garden-hose plant-pot watering-can rake bird-feeder lawn-chair garden-fork seed-tray")
        + list("Office › Desk", [], "desk-lamp pencil-case notebook stapler book-stand pen-holder office-chair paper-tray")
        + list("Electronics › Phones", [], "phone-case power-bank charger phone-stand headset speaker camera-strap")
        + list("Sports › Gym", [], "yoga-mat jump-rope swim-goggles ball-pump tennis-racket foam-roller dumbbell")
        + list("Travel › Luggage", [], "backpack suitcase wash-bag tent travel-pillow passport-cover umbrella")
        + list("Home › Tools", [], "tool-belt step-ladder flashlight paint-brush tape-measure hammer wrench")
        + list(
            "Clothing › Outdoor", ["small", "medium", "large"],
            "rain-jacket sun-hat winter-coat scarf ski-glove knit-cap ankle-sock poncho vest")
        + list(
            "Clothing › Daily", ["small", "medium", "large"],
            "polo-shirt sweater leather-belt skirt bathrobe slipper running-shoe tank-top hoodie")
        + list(
            "Pets › Dogs", ["small", "medium", "large"],
            "dog-leash dog-collar dog-coat pet-carrier dog-harness cat-tunnel pet-gate")

    /// The words before the kind in a title.
    static let adjectives = [
        "waterproof", "foldable", "lightweight", "non slip", "heavy duty", "eco friendly", "handmade", "long lasting",
        "easy clean",
        "quick dry", "extra soft", "dust proof", "heat resistant", "space saving", "classic", "modern", "vintage", "compact",
        "portable", "durable", "washable", "flexible", "padded", "magnetic", "reusable", "noise free",
    ]

    /// What comes with a product, two words each.
    static let extras = [
        "gift box", "spare key", "wall mount", "silk lining", "metal hook", "rubber base", "side pocket", "zip lock",
        "wooden frame",
        "cotton pouch", "care label", "name tag", "cup lid", "clip ring", "mesh panel", "snap button",
    ]

    static let colours = [
        "black", "white", "red", "blue", "green", "yellow", "purple", "orange", "pink", "brown", "silver", "gold", "beige",
        "teal",
        "navy", "ivory",
    ]

    private static func list(_ category: String, _ sizes: [String], _ names: String) -> [Kind] {
        names.split(separator: " ").map {
            Kind(name: String($0).replacing("-", with: " "), category: category, sizes: sizes)
        }
    }

    /// `an` before a vowel, else `a`.
    static func article(_ words: String) -> String { words.first.map { "aeiou".contains($0) } == true ? "an" : "a" }

    /// `Travel Mug`.
    static func capitalised(_ words: String) -> String {
        words.split(separator: " ").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined(separator: " ")
    }
}
