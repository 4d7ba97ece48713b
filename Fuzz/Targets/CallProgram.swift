import CFileInterface
import CInterface
import CQuantize

/// Calls of the C interface that bytes choose, with arguments that they choose:
/// sensible ones, NULL, and numbers at the ends of their ranges. Each call
/// either does what it is for or says in one line what is wrong.
struct CallProgram {
  private var bytes: ArraySlice<UInt8>

  /// Memory for pixels, points and colours; whatever is read is around its
  /// middle.
  private let memory: UnsafeMutableRawBufferPointer

  var images: [OpaquePointer?] = [nil]
  var options: [OpaquePointer?] = [nil]
  private var histograms: [OpaquePointer?] = [nil]
  private var palettes: [OpaquePointer?] = [nil]
  var results: [OpaquePointer?] = [nil]
  private var softs: [OpaquePointer?] = [nil]
  private var points: [OpaquePointer?] = [nil]
  private var models: [OpaquePointer?] = [nil]
  private var segments: [OpaquePointer?] = [nil]
  var pictures: [OpaquePointer?] = [nil]
  var encodings: [OpaquePointer?] = [nil]
  var swatches: [OpaquePointer?] = [nil]

  /// Files that were written.
  var files: [OpaquePointer?] = [nil]

  /// What is given to functions that fill arrays, whose size a caller asks for:
  /// the pixels of an image, and the points of a set.
  var pixelCounts: [OpaquePointer: (width: Int, height: Int)] = [:]
  private var pointCounts: [OpaquePointer: Int] = [:]

  private static let memorySize = 1 << 14
  private static let mostCalls = 24

  /// Makes the calls.
  static func run(_ bytes: [UInt8]) {
    var program = CallProgram(bytes)
    for _ in 0..<mostCalls where !program.bytes.isEmpty { program.call() }
    program.end()
  }

  private init(_ bytes: [UInt8]) {
    self.bytes = bytes[...]
    memory = .allocate(byteCount: Self.memorySize, alignment: 16)
    var number: UInt32 = 1
    for place in memory.indices {
      number = number &* 1_664_525 &+ 1_013_904_223
      memory[place] = UInt8(number >> 24)
    }
  }

  private mutating func end() {
    images.forEach(quantize_image_free)
    options.forEach(quantize_options_free)
    histograms.forEach(quantize_histogram_free)
    palettes.forEach(quantize_palette_free)
    results.forEach(quantize_result_free)
    softs.forEach(quantize_soft_free)
    points.forEach(quantize_points_free)
    models.forEach(quantize_model_free)
    segments.forEach(quantize_segments_free)
    pictures.forEach(quantize_picture_free)
    encodings.forEach(quantize_encoding_free)
    swatches.forEach(quantize_swatches_free)
    files.forEach(quantize_bytes_free)
    memory.deallocate()
  }

  mutating func byte() -> Int { Int(bytes.popFirst() ?? 0) }

  mutating func flag() -> Bool { byte().isMultiple(of: 2) }

  mutating func some<Value>(_ values: [Value]) -> Value {
    values[byte() % values.count]
  }

  /// A number that may be anything.
  mutating func number() -> Int {
    some([
      1, 2, 3, 4, 5, 8, 16, 40, 255, 256, 257, 65_535, 65_536, 65_537, 0, -1,
      .max, .min, .max / 2, 1 << 40,
    ])
  }

  private mutating func fraction() -> Double {
    some([0, 0.3, 0.5, 1, 2, -1, 1e-300, 1e300, .nan, .infinity, -.infinity])
  }

  func middle<Value>(_: Value.Type) -> UnsafeMutablePointer<Value> {
    (memory.baseAddress.unsafelyUnwrapped + Self.memorySize / 2)
      .assumingMemoryBound(to: Value.self)
  }

  /// An outcome is right, or a line says what is wrong.
  func check(_ status: quantize_status) {
    guard status != QUANTIZE_OK else { return }
    let message = String(cString: quantize_last_message().unsafelyUnwrapped)
    precondition(!message.isEmpty && !message.contains("\n"))
  }

  /// Keeps what a function made.
  mutating func keep(
    _ list: WritableKeyPath<CallProgram, [OpaquePointer?]>,
    _ make: (inout CallProgram, UnsafeMutablePointer<OpaquePointer?>?)
      -> quantize_status
  ) -> OpaquePointer? {
    var made: OpaquePointer?
    if byte() == 13 {
      check(make(&self, nil))
      return nil
    }
    let status = make(&self, &made)
    check(status)
    precondition((made != nil) == (status == QUANTIZE_OK))
    if made != nil { self[keyPath: list].append(made) }
    return made
  }

  private mutating func call() {
    switch byte() % 24 {
    case 0: makeImage()
    case 1: makePoints()
    case 2: makeModel()
    case 3:
      _ = keep(\.options) { quantize_options_create($1) }
    case 4, 5, 6: setOption()
    case 7:
      _ = keep(\.histograms) { quantize_histogram_create($1) }
    case 8: useHistogram()
    case 9: makePalette()
    case 10: makeResult()
    case 11: usePalette()
    case 12: useResult()
    case 13: useSoft()
    case 14: fitPoints()
    case 15: usePoints()
    case 16: compare()
    case 17: writeFile()
    case 18: setEncoding()
    case 19: readFile()
    case 20: useSwatches()
    case 21: step()
    case 22: addColors()
    default: cut()
    }
  }

  private mutating func makeImage() {
    let width = some([1, 2, 3, 7, 8, 16, 0, -1, Int.max])
    let height = some([1, 2, 5, 8, 16, 0, -1, Int.max])
    let channels = some([1, 2, 3, 4, 0, 9])
    let depth = some([8, 16, 32, 0, 1])
    let row = width.multipliedReportingOverflow(by: channels * depth / 8)
    let bytes = row.overflow ? 0 : row.partialValue
    let stride = some([0, bytes, bytes &+ 3, 0 &- bytes, 1, .min, .max])
    let isNull = byte() == 7
    let start = isNull ? nil : UnsafeRawPointer(middle(UInt8.self))
    let image = keep(\.images) {
      quantize_image_create(
        start, width, height, stride,
        quantize_channels(rawValue: UInt32(channels)),
        quantize_depth(rawValue: UInt32(depth)), $1)
    }
    if let image { pixelCounts[image] = (width, height) }
  }

  private mutating func makePoints() {
    let count = some([1, 2, 30, 64, 0, -1, Int.max])
    let dimension = some([1, 2, 3, 4, 7, 0, -1, Int.max])
    let type = some([64, 32, 0])
    // Bytes at random are hardly ever all finite.
    if flag() {
      for n in 0..<512 { middle(Double.self)[n] = Double(n * n % 251) }
    }
    let weights = some([nil, UnsafePointer(middle(Double.self))])
    let values = UnsafeRawPointer(middle(UInt8.self))
    let set = keep(\.points) {
      quantize_points_create(
        values, quantize_number(rawValue: UInt32(type)), count, dimension,
        weights, $1)
    }
    if let set { pointCounts[set] = count }
  }

  private mutating func makeModel() {
    let components = some([1, 2, 5, 0, -1, 65_537, Int.max])
    let dimension = some([1, 2, 3, 7, 0, -1, Int.max])
    // There is memory for 65,537 of no more than these.
    guard components < 65_537 || dimension < 1 || dimension == .max else {
      return
    }
    for n in 0..<64 { middle(Double.self)[n] = Double(n) / 2 }
    let means = some([nil, UnsafePointer(middle(Double.self))])
    let others = some([nil, UnsafePointer(middle(Double.self) + 32)])
    let variance = fraction()
    let weights = flag() ? others : nil
    _ = keep(\.models) {
      quantize_model_create(
        means, components, dimension, variance, others, weights, $1)
    }
  }

  private mutating func setOption() {
    let option = some(options)
    let colors = UnsafePointer(middle(UInt8.self))
    switch byte() % 22 {
    case 0: check(quantize_options_set_colors(option, number()))
    case 1: check(quantize_options_set_cprime(option, number()))
    case 2: check(quantize_options_set_seed(option, UInt64(byte())))
    case 3: check(quantize_options_set_effort(option, CInt(byte() % 12) - 1))
    case 4: check(quantize_options_set_threads(option, number()))
    case 5: check(quantize_options_set_iterations(option, byte() % 9 - 1))
    case 6: check(quantize_options_set_tolerance(option, fraction()))
    case 7:
      check(
        quantize_options_set_space(
          option, quantize_space(rawValue: UInt32(byte() % 6))))
    case 8: check(quantize_options_set_learned_weights(option, flag()))
    case 9: check(quantize_options_set_separate_variances(option, flag()))
    case 10: check(quantize_options_set_least_variance(option, fraction()))
    case 11: check(quantize_options_set_balance(option, fraction()))
    case 12: check(quantize_options_set_importance(option, flag()))
    case 13: check(quantize_options_set_importance_map(option, some(images)))
    case 14:
      check(
        quantize_options_set_quality(
          option, CInt(byte()) - 20, CInt(byte()) - 20))
    case 15: check(quantize_options_set_from_image(option, flag()))
    case 21: check(quantize_options_set_keep_palette(option, flag()))
    case 16: check(quantize_options_set_posterize(option, CInt(byte()) - 2))
    case 17:
      let names = ["none", "floyd-steinberg", "riemersma", "bayer4", "", "\n"]
      let name = some(names)
      let strength = fraction()
      check(quantize_options_set_dither(option, name, strength))
    case 18: check(quantize_options_set_perceptual(option))
    case 19:
      let count = some([0, 1, 2, 40, 65_537, Int.max, -1])
      check(quantize_options_set_pinned(option, some([nil, colors]), count))
    default:
      let count = some([0, 1, 2, 40, 65_537, Int.max, -1])
      if flag() {
        check(quantize_options_set_palette(option, some([nil, colors]), count))
      } else {
        let dimension = some([3, 4, 1, 0, -1])
        guard count != 65_537 else { return }
        for n in 0..<160 { middle(Double.self)[n] = Double(n) }
        let means = some([nil, UnsafePointer(middle(Double.self))])
        check(quantize_options_set_means(option, means, count, dimension))
      }
    }
  }

  private mutating func useHistogram() {
    let histogram = some(histograms)
    switch byte() % 4 {
    case 0:
      check(
        quantize_histogram_add_image(
          histogram, some(images), some(options)))
    case 1: check(quantize_histogram_add(histogram, some(histograms)))
    case 2:
      let count = quantize_histogram_count(histogram)
      var colors = [UInt16](repeating: 0, count: 4 * count)
      var weights = [Double](repeating: 0, count: count)
      check(quantize_histogram_get(histogram, &colors, nil, &weights))
    default:
      var size = 0
      let status = quantize_histogram_size(histogram, &size)
      check(status)
      guard status == QUANTIZE_OK else { return }
      var written = [UInt8](repeating: 0, count: size)
      check(quantize_histogram_write(histogram, &written, size))
      check(quantize_histogram_write(histogram, &written, size - 1))
      let count = quantize_histogram_count(histogram)
      let again = keep(\.histograms) {
        quantize_histogram_read(written, size, $1)
      }
      precondition(again == nil || quantize_histogram_count(again) == count)
    }
  }

  /// Ends after some calls, if at all.
  private mutating func progress() -> quantize_progress? {
    some([nil, { _, fraction, _ in fraction < 0.5 }, { _, _, _ in true }])
  }

  private mutating func makePalette() {
    let (histogram, option) = (some(histograms), some(options))
    let progress = progress()
    _ = keep(\.palettes) {
      quantize_histogram_fit(histogram, option, progress, nil, $1)
    }
  }

  private mutating func makeResult() {
    let (image, option, palette) = (some(images), some(options), some(palettes))
    let progress = progress()
    let isMapped = flag()
    let result = keep(\.results) {
      isMapped
        ? quantize_palette_map(palette, image, option, progress, nil, $1)
        : quantize_image_quantize(image, option, progress, nil, $1)
    }
    if let result, let image { pixelCounts[result] = pixelCounts[image] }
  }

  private mutating func usePalette() {
    let palette = some(palettes)
    let count = quantize_palette_count(palette)
    var colors = [UInt8](repeating: 0, count: 4 * count)
    var counts = [UInt64](repeating: 0, count: count)
    check(quantize_palette_get(palette, &colors, &counts, nil))
    _ = keep(\.models) { quantize_palette_model(palette, $1) }
  }

  private mutating func useResult() {
    let result = some(results)
    _ = keep(\.palettes) { quantize_result_palette(result, $1) }
    guard let result, let size = pixelCounts[result] else { return }
    let pixels = size.width * size.height
    var indices = [UInt16](repeating: .max, count: pixels)
    check(quantize_result_indices(result, &indices))
    var bytes = [UInt8](repeating: .max, count: pixels)
    check(quantize_result_indices8(result, &bytes))
    precondition(quantize_result_error(result) >= 0)
    precondition(indices.allSatisfy { $0 < 65_535 })
  }

  private mutating func useSoft() {
    let (palette, image, option) = (some(palettes), some(images), some(options))
    let soft = keep(\.softs) {
      quantize_soft_create(palette, image, option, $1)
    }
    guard let soft, let image, let size = pixelCounts[image] else { return }
    let cprime = quantize_soft_cprime(soft)
    let (first, rows) = (number(), number())
    let isInside =
      first >= 0 && rows >= 1 && first < size.height
      && rows <= size.height - first
    let count = isInside ? rows * size.width * cprime : 1
    var components = [UInt16](repeating: 0, count: count)
    var shares = [Float](repeating: 0, count: count)
    let status = quantize_soft_rows(soft, first, rows, &components, &shares)
    check(status)
    precondition((status == QUANTIZE_OK) == isInside)
  }

  private mutating func compare() {
    let (image, original, threads) = (some(images), some(images), number())
    var figures = quantize_figures()
    guard byte() != 3 else {
      return check(quantize_image_compare(image, original, threads, nil))
    }
    check(quantize_image_compare(image, original, threads, &figures))
  }

  private mutating func cut() {
    let (image, option) = (some(images), some(options))
    let (count, cprime, threads) = (number(), number(), number())
    let weight = fraction()
    let progress = progress()
    let isGrid = flag()
    let made = keep(\.segments) {
      isGrid
        ? quantize_superpixels_create(
          image, count, cprime, weight, threads, progress, nil, $1)
        : quantize_segments_create(
          image, option, weight, count, progress, nil, $1)
    }
    guard let made, let image, let size = pixelCounts[image] else { return }
    var labels = [Int32](repeating: -1, count: size.width * size.height)
    check(quantize_segments_labels(made, &labels))
    let most = quantize_segments_count(made)
    precondition(labels.allSatisfy { $0 >= 0 && $0 < most })
  }

  private mutating func fitPoints() {
    let (set, option) = (some(points), some(options))
    let progress = progress()
    // k = 256 of 64 points takes no time.
    let model = keep(\.models) {
      quantize_points_fit(set, option, progress, nil, $1)
    }
    let components = quantize_model_components(model)
    let iterations = quantize_model_iterations(model)
    var means = [Double](
      repeating: .nan, count: components * quantize_model_dimension(model))
    var history = [Double](repeating: 0, count: iterations)
    check(quantize_model_get(model, &means, nil, nil))
    check(quantize_model_history(model, &history, nil))
    precondition(means.allSatisfy(\.isFinite))
  }

  private mutating func step() {
    let (set, model) = (some(points), some(models))
    let count = quantize_model_statistics_count(model)
    var statistics = [Double](repeating: 0, count: count)
    check(
      quantize_points_statistics(
        set, model, number(), some([0, 1, 2, -1]), &statistics))
    if count > 0, flag() { statistics[byte() % count] = fraction() }
    let (learned, separate) = (flag(), flag())
    _ = keep(\.models) {
      quantize_model_maximize(model, statistics, learned, separate, $1)
    }
  }

  private mutating func addColors() {
    let count = some([1, 2, 40, 0, -1, Int.max])
    let rgba = some([middle(UInt16.self), nil])
    let counts = (0..<40).map { _ in UInt64(bitPattern: Int64(number())) }
    let weights = (0..<40).map { _ in fraction() }
    check(
      quantize_histogram_add_colors(
        some(histograms), rgba, counts, flag() ? weights : nil, count))
  }

  private mutating func usePoints() {
    let (set, model) = (some(points), some(models))
    let (cprime, threads) = (number(), number())
    let count = set.flatMap { pointCounts[$0] } ?? 0
    var freeEnergy = 0.0
    check(
      quantize_points_evaluate(
        set, model, cprime, threads, &freeEnergy, nil, nil))
    var nearest = [UInt16](repeating: 0, count: count)
    check(quantize_points_nearest(set, model, threads, &nearest))
    let most = quantize_model_components(model)
    guard cprime <= 0 || cprime > most || count * cprime <= 1 << 22 else {
      return
    }
    let entries = cprime > 0 && cprime <= most ? count * cprime : 1
    var components = [UInt16](repeating: 0, count: entries)
    var shares = [Float](repeating: 0, count: entries)
    check(
      quantize_points_posterior(
        set, model, cprime, threads, &components, &shares))
  }
}
