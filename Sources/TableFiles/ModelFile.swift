import ImageFormats
public import SoftFormats
public import SystemPackage
public import TruncatedEM

/// A fitted mixture as arrays for NumPy (.npz), which say all that it takes to share
/// other points among its components:
///
/// | array | shape | |
/// |---|---|---|
/// | `means` | k, D | μ |
/// | `weights` | k | π, or 1/k each |
/// | `covariances` | none, k, k × D or k × D × D | shared, per component, diagonal or full, shaped as those of scikit-learn's `GaussianMixture` (spherical, diag, full) |
/// | `cprime` | none | C' of the fit |
/// | `free_energy` | none | F per unit of weight, in nats, at C' |
/// | `columns` | D | names of the columns, where there are any |
///
/// All numbers are float64.
public struct ModelFile: Sendable {
  /// The mixture.
  public let model: MixtureModel

  /// C'.
  public let truncation: Truncation

  /// F per unit of weight, in nats.
  public let freeEnergy: Double

  /// The names of the columns.
  public let columns: [String]?

  /// Describes a file.
  ///
  /// - Parameters:
  ///   - model: The mixture.
  ///   - truncation: C'.
  ///   - freeEnergy: F per unit of weight, in nats.
  ///   - columns: The names of the columns, D of them.
  public init(
    _ model: MixtureModel, truncation: Truncation, freeEnergy: Double,
    columns: [String]?
  ) {
    self.model = model
    self.truncation = truncation
    self.freeEnergy = freeEnergy
    self.columns = columns
  }

  /// Writes the file.
  ///
  /// - Parameter path: The file, which is replaced.
  /// - Throws: `SoftFormatError.inputOutput`.
  public func write(to path: FilePath) throws(SoftFormatError) {
    let (k, dimension) = (model.components, model.dimension)
    var zip = try ZipWriter(path)
    try zip.add("means.npy", NumPyArray.file(model.means, [k, dimension]))
    let equal = [Double](repeating: 1 / Double(k), count: k)
    try zip.add(
      "weights.npy", NumPyArray.file(model.mixingWeights ?? equal, [k]))
    try zip.add(
      "covariances.npy", NumPyArray.file(covariances, covarianceShape))
    try zip.add(
      "cprime.npy", NumPyArray.file([Double(truncation.count)], []))
    try zip.add("free_energy.npy", NumPyArray.file([freeEnergy], []))
    if let columns { try zip.add("columns.npy", NumPyArray.file(columns)) }
    try zip.finish()
  }

  private var covarianceShape: [Int] {
    let (k, dimension) = (model.components, model.dimension)
    if let covariances = model.covariances {
      return covariances.shape == .diagonal
        ? [k, dimension] : [k, dimension, dimension]
    }
    return model.variances == nil ? [] : [k]
  }

  private var covariances: [Double] {
    guard let covariances = model.covariances else {
      return model.variances ?? [model.variance]
    }
    guard covariances.shape == .full else { return covariances.values }
    let dimension = model.dimension
    return (0..<model.components).flatMap { c in
      (0..<dimension * dimension).map {
        covariances[c, $0 / dimension, $0 % dimension]
      }
    }
  }

  /// Reads a file.
  ///
  /// - Parameter bytes: The file.
  /// - Throws: `TableError.noModel` or `.damaged`.
  public init(_ bytes: [UInt8]) throws(TableError) {
    let wanted = ["means", "weights", "covariances", "cprime", "free_energy"]
    guard bytes.starts(with: [0x50, 0x4b]) else {
      throw .noModel("it is no archive of arrays")
    }
    let arrays: [String: NumPyElements]
    do throws(DecodeError) {
      arrays = try NumPyElements.archive(bytes) { _ in wanted }.arrays
    } catch {
      throw .damaged(error)
    }
    func array(_ name: String) throws(TableError) -> NumPyElements {
      guard let array = arrays[name] else {
        throw .noModel("it has no array “\(name)”")
      }
      return array
    }
    let means = try array("means")
    guard means.shape.count == 2, means.shape.allSatisfy({ $0 > 0 }) else {
      throw .noModel("its means are not k × D numbers")
    }
    let (k, dimension) = (means.shape[0], means.shape[1])
    let weights = try array("weights")
    guard weights.shape == [k] else {
      throw .noModel("it has not one weight for each mean")
    }
    let covariances = try array("covariances")
    let cprime = try array("cprime").values.first ?? 0
    guard let truncation = Int(exactly: cprime), (1...k).contains(truncation)
    else { throw .noModel("its C' is not 1 to k") }
    self.truncation = Truncation(truncation)
    freeEnergy = try array("free_energy").values.first ?? .nan
    columns = NumPyElements.texts("columns", in: bytes).flatMap {
      $0.count == dimension ? $0 : nil
    }
    let shapes = [[], [k], [k, dimension], [k, dimension, dimension]]
    guard shapes.contains(covariances.shape) else {
      throw .noModel("its covariances have another shape")
    }
    let equal = 1 / Double(k)
    let mixing =
      weights.values.allSatisfy { $0 == equal } ? nil : weights.values
    do throws(FitError) {
      switch covariances.shape {
      case []:
        model = try MixtureModel(
          means: means.values, mixingWeights: mixing,
          variance: covariances.values[0], dimension: dimension)
      case [k]:
        model = try MixtureModel(
          means: means.values, mixingWeights: mixing,
          variances: covariances.values, dimension: dimension)
      case [k, dimension]:
        model = try MixtureModel(
          means: means.values, mixingWeights: mixing,
          covariances: covariances.values, .diagonal, dimension: dimension)
      default:
        model = try MixtureModel(
          means: means.values, mixingWeights: mixing,
          covariances: (0..<k).flatMap { c in
            (0..<dimension).flatMap { i in
              (0...i).map { j in
                covariances.values[(c * dimension + i) * dimension + j]
              }
            }
          }, .full, dimension: dimension)
      }
    } catch {
      throw .noModel(
        error == .notFinite
          ? "a variance is negative or a number not finite" : error.message)
    }
  }
}
