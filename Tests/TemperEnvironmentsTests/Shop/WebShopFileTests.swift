import Foundation
import TemperCore
import Testing

@testable import TemperEnvironments

@Suite("WebShop's own files")
struct WebShopFileTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Golden/webshop")

    private func suite(_ options: [String: JSONValue] = [:]) throws -> any Suite {
        let all = ["products": JSONValue.string(Self.folder.path)].merging(options) { _, new in new }
        return try WebShopSuite().configured(with: SuiteOptions(suite: "webshop", all))
    }

    /// Reads products from text.
    private func data(_ products: String, goals: String? = nil) throws -> WebShopData {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("temper-webshop-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try products.write(to: folder.appendingPathComponent("items.json"), atomically: true, encoding: .utf8)
        try goals?.write(to: folder.appendingPathComponent("goals.json"), atomically: true, encoding: .utf8)
        return try WebShopData(
            .init(
                products: folder.appendingPathComponent("items.json"), attributes: nil,
                goals: goals == nil ? nil : folder.appendingPathComponent("goals.json"), limit: nil))
    }

    @Test("Twenty records in WebShop's schema load, with attributes, options and prices of every form")
    func load() throws {
        let files = try WebShopData.Files.find(products: Self.folder.path, attributes: nil, goals: nil, limit: nil)
        #expect(
            files.attributes?.lastPathComponent == "items_ins_v2.json" && files.goals?.lastPathComponent == "items_human_ins.json"
        )
        let data = try WebShopData(files)
        #expect(data.catalogue.products.count == 20)
        let product = { (number: Int) in data.catalogue.products[number - 1] }
        #expect(product(1).attributes == ["leak proof", "double wall", "bpa free"])
        #expect(
            product(1).options == [
                .init("color", ["matte black", "navy blue", "rose gold"]), .init("size", ["12 oz", "16 oz"]),
            ])
        #expect(product(3).prices == [15.99, 21.99] && product(3).priceTag == "$15.99 to $21.99")
        #expect(product(3).options[0].values[2] == "wine | red")
        #expect(product(4).prices == [22, 29])
        #expect(product(15).prices == [1249.99])
        #expect(product(18).prices == [100] && product(20).prices == [100])
        #expect(product(18).options.isEmpty)
        #expect(product(20).bulletPoints == ["Handmade from one piece of leather."] && product(20).attributes.isEmpty)
        #expect(
            data.leftOut.map { "\($0.place): \($0.reason)" } == [
                "items_shuffle.json: record 17 (B07AAA0018): the option 'Color' has no values",
                "items_shuffle.json: record 17 (B07AAA0018): the option 'Size' has no values",
                "items_human_ins.json: B07AAA0010: instruction 0 (B07AAA0010): the instruction has no attributes",
            ])
    }

    @Test("Goals are the instructions with attributes, in Python's order, with a price drawn from the next four tens")
    func goals() throws {
        let tasks = try suite().tasks(split: "test", limit: nil)
        #expect(tasks.count == 10 && tasks[0].id == "goal-00000" && tasks.allSatisfy { $0.format == .shop })
        #expect(try suite().tasks(split: "test", limit: 3) == Array(tasks.prefix(3)))
        #expect(try suite().tasks(split: "dev", limit: nil).isEmpty)
        for task in tasks {
            let goal = try ShopGoal(task)
            let files = try WebShopData.Files.find(products: Self.folder.path, attributes: nil, goals: nil, limit: nil)
            let price = try #require(try WebShopStore.shared.data(files).catalogue.product(goal.asin)).price
            if goal.priceUpper == ShopGoal.noLimit {
                #expect(price > 980 && task.instruction == "i need a solid wood bed, queen")
            } else {
                #expect(
                    goal.priceUpper > price && goal.priceUpper <= price + 40
                        && goal.priceUpper.truncatingRemainder(dividingBy: 10) == 0)
                #expect(task.instruction.hasSuffix(", and price lower than \(Int(goal.priceUpper)).00 dollars"))
            }
        }
        var order = Array(0..<10)
        var random = PythonRandom(seed: 233)
        random.shuffle(&order)
        let asins = ["1", "3", "3", "4", "5", "7", "9", "11", "14", "15"]
        let numbers = try tasks.map { try ShopGoal($0).asin.replacing("B07AAA00", with: "") }.compactMap { Int($0) }.map(
            String.init)
        #expect(numbers == order.map { asins[$0] })
    }

    @Test("Upper prices are the larger of two different tens of the next four")
    func priceUpper() {
        var seen: [Double: Int] = [:]
        for seed in 0..<600 { seen[WebShopData.priceUpper(above: 24.5, seed: UInt64(seed)) ?? 0, default: 0] += 1 }
        #expect(Set(seen.keys) == [40, 50, 60])
        #expect((60...140).contains(seen[40] ?? 0) && (240...360).contains(seen[60] ?? 0))
        #expect(WebShopData.priceUpper(above: 975, seed: 1) == 990)
        #expect(WebShopData.priceUpper(above: 985, seed: 1) == nil)
    }

    @Test("Gold earns 1 on every goal, also on goals listed in a file; the first result earns less")
    func gold() async throws {
        let suite = try suite()
        let file = Self.folder.appendingPathComponent("goals.json").path
        let tasks = try suite.tasks(split: "test", limit: nil) + suite.tasks(from: file)
        #expect(tasks.count == 12)
        var first = 0.0
        for task in tasks {
            let played = try await play(suite, scripted(suite, "gold"), task)
            #expect(played.score.reward == 1, "\(task.id) \(task.instruction)")
            first += try await play(suite, scripted(suite, "first-result"), task).score.reward
            #expect(suite.score(answer: "anything", for: task) == nil)
        }
        #expect(first / 12 < 0.85)
    }

    @Test("A limit takes the first products only")
    func limit() throws {
        #expect(try suite(["limit": .number(4)]).tasks(split: "test", limit: nil).count == 4)
    }

    @Test(
        "A record that cannot be used is named",
        arguments: [
            (#"[{"asin":"A1","query":"q","product_category":"c"}]"#, "items.json: record 0 (A1): 'name' is missing"),
            (#"[{"name":"n"}]"#, "items.json: record 0: 'asin' is missing"),
            (#"[7]"#, "items.json: record 0: is not an object"),
            (#"[{"asin":"A1","name":null,"query":"q","product_category":"c"}]"#, "items.json: record 0 (A1): 'name' is missing"),
            (
                #"[{"asin":"A1","name":5,"query":"q","product_category":"c"}]"#,
                "items.json: record 0 (A1): 'name' is not a string"
            ),
            (#"[{"asin":"A1","name":"n","query":"q"}]"#, "items.json: record 0 (A1): 'product_category' is missing"),
            (
                #"[{"asin":"A1","name":"n","query":"q","product_category":"c","pricing":"on request"}]"#,
                "items.json: record 0 (A1): the price 'on request' cannot be read"
            ),
            (
                #"[{"asin":"A1","name":"n","query":"q","product_category":"c","pricing":"$1.2.3"}]"#,
                "items.json: record 0 (A1): the price '1.2.3' cannot be read"
            ),
            (
                #"[{"asin":"A1","name":"n","query":"q","product_category":"c","customization_options":{"Size":[{"v":1}]}}]"#,
                "items.json: record 0 (A1): a value of the option 'Size' is not a string"
            ),
            (
                #"[{"asin":"A1","name":"n","query":"q","product_category":"c","customization_options":{"Size":"L"}}]"#,
                "items.json: record 0 (A1): the option 'Size' is not a list"
            ),
            (
                #"[{"asin":"A1","name":"n","query":"q","product_category":"c"} {}]"#,
                "items.json: record 1: not valid JSON: a comma is missing"
            ),
            (#"[{"asin":"A1""#, "items.json: record 0: not valid JSON: the file ends inside a value"),
            (#"[{"asin":"A1",:}]"#, "items.json: record 0: not valid JSON"),
            ("", "items.json: record 0: not valid JSON: neither an array nor an object"),
            ("[", "items.json: record 0: not valid JSON: the file ends before its last bracket"),
        ])
    func badProducts(_ text: String, _ message: String) {
        let error = #expect(throws: TemperError.self) { try data(text) }
        #expect(error?.description == "error: " + message)
        #expect(error?.code == .data)
    }

    @Test("Goals that cannot be used are named")
    func badGoals() {
        let product = #"[{"asin":"A1","name":"n","query":"q","product_category":"c"}]"#
        for (goals, message) in [
            (#"[{"asin":"A2","instruction":"i","attributes":["a"]}]"#, "goals.json: record 0 (A2): there is no product 'A2'"),
            (#"[{"asin":"A1","attributes":["a"]}]"#, "goals.json: record 0 (A1): 'instruction' is missing"),
            (#"{"A1": {}}"#, "goals.json: A1: is not a list of instructions"),
            (
                #"{"A1": [{"instruction":"i","instruction_attributes":[1]}]}"#,
                "goals.json: A1: instruction 0: 'instruction_attributes' is not a list of strings"
            ),
            (
                #"[{"asin":"A1","instruction":"i","attributes":["a"],"price_upper":"x"}]"#,
                "goals.json: record 0 (A1): 'price_upper' is not a number"
            ),
        ] {
            let error = #expect(throws: TemperError.self) { try data(product, goals: goals) }
            #expect(error?.description == "error: " + message)
        }
    }

    @Test("Repeated and impossible asins are left out, as in the released code, and named")
    func leftOut() throws {
        let record = { (asin: String) in #"{"asin":"\#(asin)","name":"n","query":"q","product_category":"c"}"# }
        let data = try data("[\(record("A1")), \(record("nan")),\n\(record("a1")), \(record("ABCDEFGHIJK")), \(record("A2"))]")
        #expect(data.catalogue.products.map(\.asin) == ["A1", "A2"])
        #expect(
            data.leftOut.map { "\($0.place): \($0.reason)" } == [
                "items.json: record 1 (nan): the asin is not valid",
                "items.json: record 2 (a1): the asin was already used in record 0",
                "items.json: record 3 (ABCDEFGHIJK): the asin is not valid",
            ])
    }

    @Test(
        "Prices may be numbers, lists and ranges",
        arguments: [
            ("12.5", [12.5]), ("\"12.99\"", [12.99]), ("\"$1,299.00\"", [1299]), ("[10, 20]", [10, 20]),
            ("\"$20 - $10\"", [10, 20]),
            ("[\"$5.00\"]", [5]), ("\"\"", [100]), ("null", [100]), ("[]", [100]), ("\"$1$2$3\"", [1, 2]),
        ])
    func prices(_ pricing: String, _ expected: [Double]) throws {
        let data = try data(#"[{"asin":"A1","name":"n","query":"q","product_category":"c","pricing":\#(pricing)}]"#)
        #expect(data.catalogue.products[0].prices == expected)
    }

    @Test("Elements of a large file come one by one, whatever the place of a block's end")
    func stream() throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("temper-stream-\(UUID().uuidString).json")
        defer { try? FileManager.default.removeItem(at: file) }
        let filler = String(repeating: "x\\\"]}", count: 50_000)
        let values = (0..<20).map { #"{"n": \#($0), "text": "\#(filler)", "list": [1, [2], {}]}"# }
        try ("[" + values.joined(separator: " ,\n") + "]").write(to: file, atomically: true, encoding: .utf8)
        var stream = try JSONStream(file)
        var seen: [String] = []
        try stream.forEach { seen.append(String(decoding: $0.text, as: UTF8.self)) }
        #expect(seen == values)
        try #"{"a\u0041": 1.5 ,"b":"x","c":null, "d":[]}"#.write(to: file, atomically: true, encoding: .utf8)
        var object = try JSONStream(file)
        var pairs: [String] = []
        try object.forEach { pairs.append("\($0.index) \($0.key ?? "-") \(String(decoding: $0.text, as: UTF8.self))") }
        #expect(pairs == ["0 aA 1.5", "1 b \"x\"", "2 c null", "3 d []"])
    }

    @Test("Without files the error says what to set; an unknown option is refused")
    func missing() throws {
        let error = #expect(throws: TemperError.self) {
            try suite(["products": .string("/nowhere")]).tasks(split: "test", limit: 1)
        }
        #expect(error?.code == .unavailable)
        #expect(
            error?.description
                == "error: /nowhere: WebShop's products are missing\n  set suites.webshop.products to WebShop's items_shuffle.json, or to the folder that holds it"
        )
        let odd = #expect(throws: TemperError.self) { try suite(["product": .string("x")]) }
        #expect(odd?.hint == "did you mean 'products'?")
    }
}
