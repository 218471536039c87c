/// WebShop's colour normalisation (`normalize.py`): a value that holds the name of a colour is that colour.
enum ColourName {
    /// The first of the names, in the order of the list, that occurs anywhere in the text; else the text itself.
    ///
    /// It is applied to every option, whatever its name, and finds names inside words: `titanium` becomes `tan`.
    static func normalised(_ text: String) -> String { names.first { text.contains(bytes: $0) } ?? text }

    /// The colours in WebShop's order, which decides between two: `dark red` is `dark`.
    static let names = """
        alabaster apricot aqua ash asphalt azure banana beige black blue blush bordeaux bronze brown burgundy camel camo caramel
        champagne charcoal cheetah chestnut chocolate christmas coffee cognac copper coral cranberry cream crystal dark denim
        eggplant elephant espresso fuchsia gold granite grape graphite grass gray green grey heather indigo ivory ivy khaki
        lavender lemon leopard light lilac lime magenta maroon mauve merlot midnight mint mocha multicolor mushroom mustard
        natural navy nude olive orange peach pewter pink plum purple rainbow red rose royal rust sand sapphire seashell silver
        skull slate steel stone stonewash sunflower tan taupe teal tiger turquoise violet walnut wheat white wine yellow
        """.split { $0.isWhitespace }.map(String.init)
}
