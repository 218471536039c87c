/// Word lists of general text. Common words only: nothing here names an entity.
enum Vocabulary {
    static let titlePatterns = [
        "The {a} {b}", "{a} {b}", "The {b} of the {c}", "{b} and {c}", "A {a} {b}", "The {b} in the {c}", "{b} Without {c}",
        "No {b} for the {c}", "The Last {b}", "Under the {a} {b}", "Between {b} and {c}", "The {b} Beside the {c}",
        "{b} at the {c}", "My {a} {b}", "Beyond the {b}", "A {b} for the {c}",
    ]
    static let titleAdjectives =
        NameForge.adjectives + [
            "Amber", "Ancient", "Blind", "Borrowed", "Brave", "Clever", "Cold", "Copper", "Curious", "Dusty", "Early", "Endless",
            "Faded", "Final", "Green", "Heavy", "Honest", "Humble", "Late", "Long", "Lost", "Marble", "Narrow", "Patient",
            "Perfect",
            "Proud", "Rising", "Salted", "Secret", "Slow", "Strange", "Sudden", "Tender", "Tired", "Twisted", "Warm", "White",
        ]
    static let titleNouns =
        NameForge.nouns + [
            "Anchor", "Arrow", "Autumn", "Bakery", "Balloon", "Basket", "Bell", "Bicycle", "Candle", "Canyon", "Carnival",
            "Chair",
            "Cloud", "Coat", "Door", "Dream", "Echo", "Evening", "Farm", "Ferry", "Field", "Fire", "Flame", "Game", "Glacier",
            "Guest", "Hammer", "Hill", "Hotel", "House", "Hunter", "Journey", "Key", "Ladder", "Library", "Map", "Mask", "Mill",
            "Moon", "Museum", "Needle", "Night", "Opera", "Palace", "Path", "Piano", "Pilot", "Prince", "Promise", "Rain", "Ring",
            "Sailor", "School", "Snow", "Spring", "Star", "Summer", "Sword", "Table", "Teacher", "Thread", "Valley", "Village",
            "Wall",
            "Wave", "Wheel", "Wind", "Witness",
        ]

    static let professions = [
        "painter", "teacher", "doctor", "actor", "engineer", "baker", "singer", "lawyer", "farmer", "chemist", "pilot", "writer",
        "dancer", "judge", "carpenter", "photographer", "historian", "nurse", "gardener", "cook", "banker", "sculptor",
        "mathematician", "librarian", "tailor", "geologist", "journalist", "poet", "film director", "violinist", "biologist",
        "translator", "fisherman", "astronomer", "watchmaker", "politician", "novelist", "composer", "mayor", "inventor",
    ]
    static let colours = [
        "red", "blue", "green", "yellow", "black", "white", "orange", "purple", "brown", "grey", "pink", "silver", "gold",
        "violet",
        "turquoise",
    ]
    static let instruments = [
        "piano", "violin", "guitar", "flute", "trumpet", "cello", "drums", "harp", "clarinet", "accordion", "organ", "saxophone",
    ]
    static let hobbies = [
        "chess", "gardening", "swimming", "fishing", "painting", "hiking", "sailing", "knitting", "cycling", "photography",
        "bird watching", "cooking", "skating", "running", "pottery", "dancing", "climbing", "collecting stamps",
    ]
    static let products = [
        "bicycles", "furniture", "shoes", "clocks", "glass bottles", "tractors", "paper", "medicines", "radios", "umbrellas",
        "toys",
        "chocolate", "soap", "carpets", "paint", "pianos", "cameras", "engines", "bread", "tea", "cheese", "batteries", "candles",
        "ships", "hats", "kitchen knives", "lamps", "maps", "tyres", "wool", "steel", "software",
    ]
    static let ingredients = [
        "rice", "potatoes", "beans", "mushrooms", "fish", "apples", "onions", "cabbage", "chicken", "lentils", "pumpkin",
        "cheese",
        "tomatoes", "eggs", "carrots", "lamb", "plums", "honey", "walnuts", "barley", "spinach", "beef", "peas", "lemons",
    ]
    static let genres = [
        "comedy", "drama", "thriller", "love story", "mystery", "war story", "adventure", "family story", "ghost story", "satire",
        "crime story", "fairy tale", "western", "fantasy",
    ]
    static let fame = [
        "its apples", "its old harbour", "its glass makers", "its cheese", "its wooden houses", "its salt mines", "its carnival",
        "its rose gardens", "its clock tower", "its fish market", "its hot springs", "its pottery", "its wine",
        "its steep streets",
        "its white cliffs", "its wool", "its horse races", "its music school", "its chestnut trees", "its bells",
    ]
    static let materials = [
        "steel", "stone", "wood", "brick", "concrete", "iron", "granite", "marble", "glass", "limestone",
    ]
    static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
    ]
    static let days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

    static let objects = [
        "apple", "book", "chair", "pencil", "cup", "lamp", "basket", "key", "ball", "hat", "spoon", "box", "coin", "letter",
        "stone",
        "bottle", "candle", "shirt", "shoe", "brush", "ticket", "map", "ring", "plate", "rope", "bag", "clock", "mirror",
        "blanket",
        "hammer", "nail", "button", "coat", "pear", "lemon", "egg", "flower", "feather", "ladder", "towel",
    ]
    static let animals = [
        "cat", "dog", "horse", "cow", "sheep", "goat", "hen", "duck", "fox", "wolf", "bear", "mouse", "rabbit", "frog", "owl",
        "eagle",
        "bee", "ant", "whale", "snake", "lion", "tiger", "monkey", "camel", "donkey", "swan", "crow", "turtle", "squirrel",
        "seal",
    ]

    /// Given names of ``NameForge`` that take "she"; the others take "he".
    static let femaleNames: Set<String> = [
        "Ada", "Alma", "Anna", "Carla", "Clara", "Dora", "Edith", "Elena", "Eva", "Fiona", "Greta", "Hana", "Ida", "Ines", "Jane",
        "Julia", "Kate", "Laura", "Lena", "Lucy", "Maria", "Mina", "Nadia", "Nina", "Nora", "Olga", "Petra", "Rosa", "Ruth",
        "Sara",
        "Sofia", "Tara", "Vera", "Yara", "Zoe",
    ]
}
