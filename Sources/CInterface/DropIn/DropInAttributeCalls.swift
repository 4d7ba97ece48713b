// The header has the names of these functions.
// swift-format-ignore-file: AlwaysUseLowerCamelCase
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

public import CQuantize

private typealias Box = Handle<DropInAttributes>

/// Gives an object to the caller.
func dropIn<Value>(_ value: Value) -> OpaquePointer? {
  var out: OpaquePointer?
  Handle<Value>.give(value, to: &out)
  return out
}

/// Sets a number of attributes that has bounds.
private func set(
  _ attributes: OpaquePointer?, _ value: CInt, within range: ClosedRange<Int>,
  _ keyPath: WritableKeyPath<DropInAttributes, Int>
) -> liq_error {
  guard let box = Box.known(attributes) else { return LIQ_INVALID_POINTER }
  guard range.contains(Int(value)) else { return LIQ_VALUE_OUT_OF_RANGE }
  box.value[keyPath: keyPath] = Int(value)
  return LIQ_OK
}

private func get(
  _ attributes: OpaquePointer?, _ value: (DropInAttributes) -> Int
) -> CInt {
  Box.known(attributes).map { CInt(value($0.value)) } ?? -1
}

@c @implementation
public func liq_version() -> CInt { LIQ_VERSION }

@c @implementation
public func liq_attr_create() -> OpaquePointer? { dropIn(DropInAttributes()) }

@c @implementation
public func liq_attr_create_with_allocator(
  _ allocate: (@convention(c) (Int) -> UnsafeMutableRawPointer?)?,
  _ release: (@convention(c) (UnsafeMutableRawPointer?) -> Void)?
) -> OpaquePointer? {
  // One without the other cannot be meant.
  guard (allocate == nil) == (release == nil) else { return nil }
  var attributes = DropInAttributes()
  attributes.release = release
  return dropIn(attributes)
}

@c @implementation
public func liq_attr_copy(_ original: OpaquePointer?) -> OpaquePointer? {
  Box.known(original).flatMap { dropIn($0.value) }
}

@c @implementation
public func liq_attr_destroy(_ attr: OpaquePointer?) { Box.release(attr) }

@c @implementation
public func liq_set_max_colors(
  _ attr: OpaquePointer?, _ colors: CInt
) -> liq_error {
  set(attr, colors, within: DropInAttributes.colors, \.colors)
}

@c @implementation
public func liq_get_max_colors(_ attr: OpaquePointer?) -> CInt {
  get(attr, \.colors)
}

@c @implementation
public func liq_set_speed(_ attr: OpaquePointer?, _ speed: CInt) -> liq_error {
  set(attr, speed, within: DropInAttributes.speeds, \.speed)
}

@c @implementation
public func liq_get_speed(_ attr: OpaquePointer?) -> CInt { get(attr, \.speed) }

@c @implementation
public func liq_set_min_opacity(
  _ attr: OpaquePointer?, _ minimum: CInt
) -> liq_error {
  set(attr, minimum, within: DropInAttributes.opacities, \.minOpacity)
}

@c @implementation
public func liq_get_min_opacity(_ attr: OpaquePointer?) -> CInt {
  get(attr, \.minOpacity)
}

@c @implementation
public func liq_set_min_posterization(
  _ attr: OpaquePointer?, _ bits: CInt
) -> liq_error {
  set(attr, bits, within: 0...4, \.posterization)
}

@c @implementation
public func liq_get_min_posterization(_ attr: OpaquePointer?) -> CInt {
  get(attr, \.posterization)
}

@c @implementation
public func liq_set_quality(
  _ attr: OpaquePointer?, _ minimum: CInt, _ maximum: CInt
) -> liq_error {
  guard let box = Box.known(attr) else { return LIQ_INVALID_POINTER }
  guard minimum >= 0, maximum <= 100, minimum <= maximum else {
    return LIQ_VALUE_OUT_OF_RANGE
  }
  box.value.quality = Int(minimum)...Int(maximum)
  return LIQ_OK
}

@c @implementation
public func liq_get_min_quality(_ attr: OpaquePointer?) -> CInt {
  get(attr, \.quality.lowerBound)
}

@c @implementation
public func liq_get_max_quality(_ attr: OpaquePointer?) -> CInt {
  get(attr, \.quality.upperBound)
}

@c @implementation
public func liq_set_last_index_transparent(
  _ attr: OpaquePointer?, _ isLast: CInt
) {
  Box.known(attr)?.value.lastIsTransparent = isLast != 0
}

@c @implementation
public func liq_set_log_callback(
  _ attr: OpaquePointer?,
  _ callback: (
    @convention(c) (
      OpaquePointer?, UnsafePointer<CChar>?, UnsafeMutableRawPointer?
    ) -> Void
  )?,
  _ context: UnsafeMutableRawPointer?
) {
  Box.known(attr)?.value.log = callback.map { ($0, context) }
}

@c @implementation
public func liq_set_log_flush_callback(
  _ attr: OpaquePointer?,
  _ callback: (
    @convention(c) (OpaquePointer?, UnsafeMutableRawPointer?) -> Void
  )?, _ context: UnsafeMutableRawPointer?
) {
  // Messages are never held back.
}

@c @implementation
public func liq_attr_set_progress_callback(
  _ attr: OpaquePointer?,
  _ callback: (@convention(c) (Float, UnsafeMutableRawPointer?) -> CInt)?,
  _ context: UnsafeMutableRawPointer?
) {
  Box.known(attr)?.value.progress = callback.map {
    DropInProgress(function: $0, context: context)
  }
}
