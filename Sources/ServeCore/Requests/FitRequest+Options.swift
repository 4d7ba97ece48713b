import ColorModels
import Quantization
package import QuantizeKit
import Rasters
import TruncatedEM

extension FitRequest {
  /// The treatment of transparency.
  ///
  /// - Throws: `ServiceError`.
  func treatment() throws(ServiceError) -> AlphaTreatment {
    guard background == nil || alphaThreshold == nil else {
      throw .wrong(
        "\"background\" and \"alphaThreshold\" contradict each other: the "
          + "background leaves no alpha")
    }
    if let background {
      let color = try NamedColor(background)
      guard color.alpha == 255 else {
        throw .wrong("\"background\" must be opaque")
      }
      return .flatten(color.color)
    }
    guard let alphaThreshold else { return .keep }
    guard let least = UInt8(exactly: alphaThreshold), least > 0 else {
      throw .wrong("\"alphaThreshold\" must be 1 to 255, not \(alphaThreshold)")
    }
    return .threshold(least)
  }

  /// What the command would be given: the same rules, checked before any work.
  ///
  /// - Parameter threads: The most threads to use.
  /// - Returns: The options of a job.
  /// - Throws: `ServiceError` that says which option is wrong.
  package func options(threads: Int) throws(ServiceError) -> QuantizeOptions {
    try check()
    var options = QuantizeOptions(
      start: try start(), truncation: Truncation(cprime))
    options.threads = threads
    options.decoding.alpha = try treatment()
    options.quantizer.seed = seed
    do {
      options.quantizer.effort = try Effort(effort)
      options.quantizer.posterization = try Posterization(bits: posterize)
    } catch {
      throw .wrong("\"effort\" must be 1 to 10, and \"posterize\" 0 to 4")
    }
    options.quantizer.mixing = try Self.named(mixing, "mixing")
    options.quantizer.variance = try Self.named(variance, "variance")
    options.quantizer.space = CompositeSpace(try workingSpace())
    options.quantizer.dither = try dithering(options.quantizer.effort)
    options.quantizer.importance =
      usedImportance == "auto" ? .automatic : .none
    options.quantizer.balance = balance
    options.quantizer.leastRegion = minRegion
    options.quantizer.pinned = try pinned().map(\.color)
    if keepPalette {
      options.quantizer.order.first = try given().map {
        FixedPalette.Color(color: $0.color, alpha: $0.alpha)
      }
    }
    return options
  }

  /// The working space.
  func workingSpace() throws(ServiceError) -> WorkingSpace {
    try Self.named(space ?? (perceptual ? "oklab" : "srgb"), "space")
  }

  private var usedImportance: String {
    importance ?? (perceptual ? "auto" : "none")
  }

  /// The method of dithering.
  func ditherMethod() throws(ServiceError) -> DitherMethod {
    let name = dither ?? (perceptual ? "floyd-steinberg" : "none")
    guard let method = DitherMethod(name: name) else {
      throw .wrong(
        "\"dither\" must be one of "
          + DitherMethod.all.map(\.name).joined(separator: ", "))
    }
    return method
  }

  private func dithering(
    _ effort: Effort
  ) throws(ServiceError) -> DitherOptions {
    let method = try ditherMethod()
    guard method != .none else { return DitherOptions() }
    var options = DitherOptions(method, effort: effort)
    options.strength = ditherStrength ?? options.strength
    if perceptual { options.sweeps = DitherOptions.sweeps(for: effort) }
    options.sparesTwoTones = perceptual && dither == nil
    return options
  }

  private func start() throws(ServiceError) -> QuantizerOptions.Start {
    do {
      guard palette == nil else {
        return .palette(
          try FixedPalette(
            try given().map {
              FixedPalette.Color(color: $0.color, alpha: $0.alpha)
            }))
      }
      return .search(try PaletteSize(colors))
    } catch let error as QuantizationError {
      throw .wrong(error.message)
    } catch let error as ServiceError {
      throw error
    } catch {
      throw .wrong("the palette cannot be used")
    }
  }

  /// The colours that are given, each once; empty where they are fitted.
  func given() throws(ServiceError) -> [NamedColor] {
    var colors: [NamedColor] = []
    for text in palette ?? [] {
      let color = try NamedColor(text)
      if !colors.contains(where: { $0.hex == color.hex }) {
        colors.append(color)
      }
    }
    return colors
  }

  /// The colours that are kept, each once.
  func pinned() throws(ServiceError) -> [NamedColor] {
    var colors: [NamedColor] = []
    for text in pins {
      let color = try NamedColor(text)
      guard color.alpha == 255 else {
        throw .wrong("a pinned colour must be opaque, and \(text) is not")
      }
      if !colors.contains(where: { $0.color == color.color }) {
        colors.append(color)
      }
    }
    return colors
  }

  /// The names of colours that have one.
  var names: [RGBColor: String] {
    var names: [RGBColor: String] = [:]
    for text in pins + (palette ?? []) {
      guard let color = try? NamedColor(text), let name = color.name else {
        continue
      }
      names[color.color] = names[color.color] ?? name
    }
    return names
  }

  private func check() throws(ServiceError) {
    let count = try given().count
    if palette != nil {
      guard (1...256).contains(count) else {
        throw .wrong("\"palette\" must have 1 to 256 colours, not \(count)")
      }
      guard pins.isEmpty, posterize == 0 else {
        throw .wrong(
          "\"pins\" and \"posterize\" are for colours that are fitted; "
            + "\"palette\" gives all of them")
      }
    } else {
      guard (1...256).contains(colors) else {
        throw .wrong("\"colors\" must be 1 to 256, not \(colors)")
      }
      guard !keepPalette else {
        throw .wrong("\"keepPalette\" has no effect without \"palette\"")
      }
    }
    let most = palette == nil ? colors : count
    guard (1...most).contains(cprime) else {
      throw .wrong(
        "\"cprime\" must be 1 to the number of colours (\(most)), not \(cprime)"
      )
    }
    let pinned = try pinned().count
    guard pinned <= colors else {
      throw .wrong("\(pinned) colours are pinned, and k is \(colors)")
    }
    guard ["auto", "none"].contains(usedImportance) else {
      throw .wrong("\"importance\" must be none or auto")
    }
    guard (0...1).contains(balance) else {
      throw .wrong("\"balance\" must be 0 to 1, not \(balance)")
    }
    let isDithered = try ditherMethod() != .none
    if let ditherStrength {
      guard (0...1).contains(ditherStrength) else {
        throw .wrong("\"ditherStrength\" must be 0 to 1, not \(ditherStrength)")
      }
    }
    guard minRegion >= 1 else {
      throw .wrong("\"minRegion\" must be 1 or more, not \(minRegion)")
    }
    guard minRegion == 1 || !isDithered else {
      throw .wrong(
        "\"minRegion\" and \"dither\" contradict each other: dithering makes "
          + "small regions")
    }
  }

  private static func named<Value: CaseIterable & RawRepresentable>(
    _ name: String, _ option: String
  ) throws(ServiceError) -> Value where Value.RawValue == String {
    guard let value = Value(rawValue: name) else {
      throw .wrong(
        "\"\(option)\" must be one of "
          + Value.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return value
  }
}
