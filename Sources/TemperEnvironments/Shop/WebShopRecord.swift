import Foundation
import TemperCore

/// One product of `items_shuffle*.json`, or one instruction of `items_human_ins.json`, as JSON.
///
/// Every fault names the file, the record and the field.
struct WebShopRecord {
    private let fields: [String: Any]
    /// `items_shuffle.json: record 17 (B09QKP7XQL)`.
    let place: String

    init(_ text: Data, in file: String, index: Int) throws {
        let place = "\(file): record \(index)"
        self = try WebShopRecord(Self.parse(text, at: place), at: place)
    }

    static func parse(_ text: Data, at place: String) throws -> Any {
        do {
            return try JSONSerialization.jsonObject(with: text, options: [.fragmentsAllowed])
        } catch {
            throw TemperError(.data, "not valid JSON", place: place, boundary: .data, cause: error)
        }
    }

    init(_ value: Any, at place: String) throws {
        guard let fields = value as? [String: Any] else {
            throw TemperError(.data, "is not an object", place: place, boundary: .data)
        }
        self.fields = fields
        let asin = fields["asin"] as? String
        self.place = asin.map { "\(place) (\($0))" } ?? place
    }

    func fault(_ problem: String) -> TemperError { TemperError(.data, problem, place: place, boundary: .data) }

    /// The first of these fields that is present and not null.
    private func value(_ keys: [String]) -> Any? {
        keys.lazy.compactMap { fields[$0] }.first { !($0 is NSNull) }
    }

    /// A string that must be present.
    func text(_ keys: String...) throws -> String {
        guard let value = value(keys) else { throw fault("'\(keys[0])' is missing") }
        guard let text = value as? String else { throw fault("'\(keys[0])' is not a string") }
        return text
    }

    /// A string that may be absent.
    func optionalText(_ keys: String...) throws -> String? {
        guard let value = value(keys) else { return nil }
        guard let text = value as? String else { throw fault("'\(keys[0])' is not a string") }
        return text
    }

    /// A list of strings, or one string, or an object's strings in order of its keys; nil when absent.
    func texts(_ keys: String...) throws -> [String]? {
        guard let value = value(keys) else { return nil }
        if let text = value as? String { return text.isEmpty ? [] : [text] }
        if let list = value as? [String] { return list }
        if let list = value as? [Any] { return try list.filter { !($0 is NSNull) }.map(listed(keys[0])) }
        if let object = value as? [String: String] { return object.sorted { $0.key < $1.key }.map(\.value) }
        throw fault("'\(keys[0])' is not a list of strings")
    }

    private func listed(_ key: String) -> (Any) throws -> String {
        { value in
            guard let text = value as? String else { throw fault("'\(key)' is not a list of strings") }
            return text
        }
    }

    func optionalNumber(_ key: String) throws -> Double? {
        guard let value = value([key]) else { return nil }
        guard let number = value as? NSNumber else { throw fault("'\(key)' is not a number") }
        return number.doubleValue
    }

    /// One or two prices from `$12.99`, `$10.00$25.99`, `$10 - $25`, `12.99`, 12.99 or a list of those; WebShop's 100 when there
    /// is none.
    func prices() throws -> [Double] {
        guard let value = value(["pricing", "price"]) else { return [ShopProduct.unknownPrice] }
        let parts = (value as? [Any] ?? [value]).flatMap { part -> [String] in
            if let number = part as? NSNumber { return ["\(number.doubleValue)"] }
            let text = part as? String ?? "?"
            // Text before the first dollar sign is not a price, unless there is no sign at all.
            return text.contains("$")
                ? text.split(separator: "$", omittingEmptySubsequences: false).dropFirst().map(String.init) : [text]
        }
        if parts.allSatisfy({ $0.allSatisfy(\.isWhitespace) }) { return [ShopProduct.unknownPrice] }
        let prices = try parts.prefix(2).map { part in
            guard let price = Double(part.filter { $0.isNumber || $0 == "." }), price.isFinite else {
                throw fault("the price '\(part.prefix(40))' cannot be read")
            }
            return price
        }
        return prices.sorted()
    }

    /// The options and their values, as the page shows them: lower case, `/` as ` | `. Options without values are left out and
    /// named.
    func options(leftOut: (String) -> Void) throws -> [ShopProduct.Option] {
        guard let value = value(["customization_options"]) else { return [] }
        if let text = value as? String, text.isEmpty { return [] }
        if let list = value as? [Any], list.isEmpty { return [] }
        guard let options = value as? [String: Any] else { throw fault("'customization_options' is not an object") }
        return try options.sorted { $0.key < $1.key }.compactMap { name, contents in
            let values = try (contents as? [Any] ?? []).map { content -> String in
                let text = (content as? [String: Any])?["value"] as? String ?? content as? String
                guard let text else { throw fault("a value of the option '\(name)' is not a string") }
                return text.trimmingCharacters(in: .whitespacesAndNewlines).replacing("/", with: " | ").lowercased()
            }
            if !(contents is NSNull), !(contents is [Any]) { throw fault("the option '\(name)' is not a list") }
            if values.isEmpty {
                leftOut("the option '\(name)' has no values")
                return nil
            }
            return ShopProduct.Option(name.lowercased(), values)
        }
    }
}
