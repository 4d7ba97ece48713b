import ColorModels
import Quantization
import QuantizeKit
import ServeCore

/// What the server is doing.
struct Health: Encodable {
  let status = "ok"
  let images: Int
  let running: Int
  let waiting: Int
  let bytes: Int
}

/// What the server can do.
struct About: Encodable {
  struct Limits: Encodable {
    let bytes: Int
    let pixels: Int
    let images: Int
  }

  struct Export: Encodable {
    let name: String
    let label: String
    let group: String
    let ending: String
  }

  let version = Version.number
  let limits: Limits
  let spaces = WorkingSpace.allCases.map(\.rawValue)
  let dithers = DitherMethod.all.map(\.name)
  let exports = ExportKind.allCases.map {
    Export(
      name: $0.rawValue, label: $0.label, group: $0.group.rawValue,
      ending: $0.ending)
  }

  init(_ limits: ServiceLimits) {
    self.limits = Limits(
      bytes: limits.uploadBytes, pixels: limits.pixels,
      images: limits.pictures)
  }
}

/// A picture that was uploaded.
struct PictureAnswer: Encodable {
  let id: String
  let name: String
  let width: Int
  let height: Int
  let bytes: Int
  let colors: Int
  let depth: Int
  let alpha: Bool
  let warnings: [String]
  let reduction: Int

  init(_ id: String, _ picture: OpenPicture) {
    self.id = id
    name = picture.name
    bytes = picture.bytes.count
    warnings = picture.warnings
    let facts = picture.facts
    width = facts.width
    height = facts.height
    colors = facts.colors
    depth = facts.depth
    alpha = facts.hasAlpha
    reduction = facts.reduction
  }
}
