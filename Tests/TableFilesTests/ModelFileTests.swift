import Foundation
import SoftFormats
import SystemPackage
import TableFiles
import Testing
import TruncatedEM

/// Mixtures, from memory to a file and back.
@Suite struct ModelFileTests {
  private static let means: [Double] = [0.1, 2, -3, 4.5, 1 / 3, 6]

  private static let models: [MixtureModel] = {
    let full: [Double] = [2, 0.5, 1, 3, -0.25, 4, 1, 0, 1]
    let made = [
      try? MixtureModel(means: means, variance: 0.7, dimension: 2),
      try? MixtureModel(
        means: means, mixingWeights: [0.5, 0.125, 0.375], variance: 0.7,
        dimension: 2),
      try? MixtureModel(
        means: means, mixingWeights: nil, variances: [1, 2, 1 / 7],
        dimension: 2),
      try? MixtureModel(
        means: means, mixingWeights: [0.5, 0.125, 0.375],
        covariances: [1, 2, 3, 4, 5, 1 / 7], .diagonal, dimension: 2),
      try? MixtureModel(
        means: means, mixingWeights: nil, covariances: full, .full,
        dimension: 2),
    ]
    return made.compactMap(\.self)
  }()

  private func written(_ file: ModelFile) throws -> [UInt8] {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("model-\(UUID().uuidString).npz")
    try Data().write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    try file.write(to: FilePath(url.path))
    return [UInt8](try Data(contentsOf: url))
  }

  @Test func keepsAllParameters() throws {
    #expect(Self.models.count == 5)
    for model in Self.models {
      for columns in [nil, ["x", "größe 😀"]] {
        let file = ModelFile(
          model, truncation: .soft(2), freeEnergy: -1.25, columns: columns)
        let read = try ModelFile(written(file))
        #expect(read.model.means == model.means)
        #expect(read.model.mixingWeights == model.mixingWeights)
        #expect(read.model.variances == model.variances)
        #expect(read.model.covariances == model.covariances)
        #expect(abs(read.model.variance - model.variance) < 1e-15)
        #expect(read.truncation == .soft(2) && read.freeEnergy == -1.25)
        #expect(read.columns == columns)
      }
    }
  }

  @Test func refusesWhatIsNoModel() throws {
    #expect(throws: TableError.self) { try ModelFile(Array("x".utf8)) }
    let model = try #require(Self.models.first)
    let whole = try written(
      ModelFile(model, truncation: .hard, freeEnergy: 0, columns: nil))
    for count in stride(from: 0, to: whole.count, by: 61) {
      #expect(throws: TableError.self) {
        try ModelFile(Array(whole.prefix(count)))
      }
    }
    // A byte that has changed.
    var changed = whole
    changed[200] ^= 1
    #expect(throws: TableError.self) { try ModelFile(changed) }
    // What says that C' is 9 of 3 components.
    let other = try written(
      ModelFile(model, truncation: .soft(9), freeEnergy: 0, columns: nil))
    #expect(throws: TableError.self) { try ModelFile(other) }
  }
}
