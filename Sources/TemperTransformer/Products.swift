import CDNNL

/// A matrix in memory: element (i, j) lies at `base + (i * rowStride + j * columnStride)` elements; one stride is 1.
struct Matrix {
    var base: UnsafeMutableRawPointer
    var rowStride: Int
    var columnStride = 1
    var element: Element

    /// The same memory read with rows and columns exchanged.
    var transposed: Matrix { Matrix(base: base, rowStride: columnStride, columnStride: rowStride, element: element) }

    /// The matrix that starts `rows` further down and `columns` further right.
    func offset(rows: Int = 0, columns: Int = 0) -> Matrix {
        var moved = self
        moved.base = base + (rows * rowStride + columns * columnStride) * element.byteCount
        return moved
    }

    fileprivate var raw: temper_matrix {
        temper_matrix(
            base: base, row_stride: Int64(rowStride), column_stride: Int64(columnStride),
            type: element == .float32 ? Int32(TEMPER_FLOAT32) : Int32(TEMPER_BFLOAT16))
    }
}

/// Matrix products on the calling thread; used by one thread at a time.
final class Products {
    private let context: OpaquePointer

    init() {
        guard let context = temper_products_create() else { preconditionFailure("the matrix library cannot be started") }
        self.context = context
    }

    deinit { temper_products_destroy(context) }

    /// target[m, n] = left[m, k] · right[k, n], added to the target's contents when `accumulating`.
    func multiply(_ m: Int, _ k: Int, _ n: Int, _ left: Matrix, _ right: Matrix, into target: Matrix, accumulating: Bool = false)
    {
        let status = temper_products_multiply(
            context, Int64(m), Int64(k), Int64(n), left.raw, right.raw, target.raw, accumulating ? 1 : 0)
        precondition(status == 0, "a [\(m), \(k)] by [\(k), \(n)] product failed with status \(status)")
    }
}
