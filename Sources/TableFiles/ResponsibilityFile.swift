public import SoftFormats
public import SystemPackage
public import TruncatedEM

/// How much each component is responsible for each row, as arrays for NumPy or text.
public struct ResponsibilityFile: Sendable {
  private let posterior: Posterior
  private let components: Int

  /// Takes a posterior.
  ///
  /// - Parameters:
  ///   - posterior: One entry a row and place.
  ///   - components: k.
  public init(_ posterior: Posterior, components: Int) {
    self.posterior = posterior
    self.components = components
  }

  /// Writes the C' components of each row (.npz): `indices`, rows × C', the most
  /// responsible first, uint16; `responsibilities`, rows × C', float32.
  ///
  /// - Parameter path: The file, which is replaced.
  /// - Throws: `SoftFormatError.inputOutput`.
  public func write(to path: FilePath) throws(SoftFormatError) {
    let shape = [posterior.count, posterior.truncation]
    var zip = try ZipWriter(path)
    try zip.add(
      "indices.npy", NumPyArray.file(posterior.components, shape))
    try zip.add(
      "responsibilities.npy",
      NumPyArray.file(posterior.responsibilities, shape))
    try zip.finish()
  }

  /// All responsibilities (.npy): rows × k, float32, 0 where a component is not among
  /// the C'.
  ///
  /// - Complexity: O(rows × k).
  public func dense() -> [UInt8] {
    var values = [Float](repeating: 0, count: posterior.count * components)
    for row in 0..<posterior.count {
      for (component, responsibility) in posterior[row] {
        values[row * components + component] = responsibility
      }
    }
    return NumPyArray.file(values, [posterior.count, components])
  }

  /// The number of the most responsible component of each row (.npy), uint16.
  public func labels() -> [UInt8] {
    NumPyArray.file(firsts, [posterior.count])
  }

  /// The same as text, a line each.
  public func labelLines() -> [UInt8] {
    Array(firsts.map { "\($0)\n" }.joined().utf8)
  }

  private var firsts: [UInt16] {
    (0..<posterior.count).map {
      posterior.components[$0 * posterior.truncation]
    }
  }
}
