// Matrix products of fully connected layers, and values in another shape.
#include <optional>

#include "lowerings.hpp"

namespace zico {

namespace {
/** A row-major matrix, or its transpose over the same memory. */
Desc matrix(const Dims& dims, bool transposed) {
  const auto type = dnnl::memory::data_type::f32;
  return transposed ? Desc({dims[1], dims[0]}, type, Tag::ba) : Desc(dims, type, Tag::ab);
}

Made<dnnl::matmul> keptProduct(Program& program, const Desc& a, const Desc& b, const Desc& out,
                               const std::optional<Desc>& shift) {
  std::vector<int64_t> key = layoutKey({a, b, out});
  if (shift) addLayout(key, *shift);
  return program.primitives().product.of(std::move(key), [&] {
    const dnnl::matmul::desc wanted =
        shift ? dnnl::matmul::desc(a, b, *shift, out) : dnnl::matmul::desc(a, b, out);
    return dnnl::matmul::primitive_desc(wanted, ownScratchpad(), program.engine());
  });
}
}  // namespace

/**
 * a, b, bias of one number a column (optional) -> a' b'. ints: 1 where a, b are transposed. Rows of several
 * batches are computed batch by batch: oneDNN may add up in another order where there are more of them.
 */
void product(Program& program, const Step& step) {
  const Copy a = program.ofPart(program.plain(step.inputs[0]));
  const Copy b = program.ofPart(program.plain(step.inputs[1]));
  const Copy out = program.outPlain(step.outputs[0]);
  const int64_t batches = program.byParts() ? 1 : program.together();
  const auto rowsOf = [batches](const Copy& whole, int64_t batch) {
    Dims dims = whole.desc.dims();
    dims[0] /= batches;
    const Desc own = rowMajor(dims);
    return Copy{own, whole.buffer, whole.offset + static_cast<size_t>(batch) * own.get_size()};
  };
  const Desc aDesc = matrix(rowsOf(a, 0).desc.dims(), step.ints[0] != 0);
  const Desc bDesc = matrix(b.desc.dims(), step.ints[1] != 0);
  const Desc outDesc = rowsOf(out, 0).desc;
  const bool biased = step.inputs.size() > 2;
  const Desc shift({1, outDesc.dims()[1]}, dnnl::memory::data_type::f32, Tag::ab);
  const auto [desc, primitive] =
      keptProduct(program, aDesc, bDesc, outDesc, biased ? std::optional(shift) : std::nullopt);
  for (int64_t batch = 0; batch < batches; batch++) {
    std::vector<std::pair<int, Copy>> arguments{
        {DNNL_ARG_SRC, {aDesc, a.buffer, rowsOf(a, batch).offset}},
        {DNNL_ARG_WEIGHTS, {bDesc, b.buffer, b.offset}},
        {DNNL_ARG_DST, rowsOf(out, batch)}};
    if (biased) {
      arguments.push_back({DNNL_ARG_BIAS, {shift, program.plain(step.inputs[2]).buffer}});
    }
    program.execute(primitive, desc, arguments);
  }
}

/** a, b -> products of the matrices in their last two axes; the axes before them broadcast. */
void matrices(Program& program, const Step& step) {
  const Copy out = program.outPlain(step.outputs[0]);
  const size_t rank = out.desc.dims().size();
  const auto filled = [&](int value) {
    Dims dims = program.dims(value);
    dims.insert(dims.begin(), rank - dims.size(), 1);
    return rowMajor(dims);
  };
  const Copy a{filled(step.inputs[0]), program.plain(step.inputs[0]).buffer};
  const Copy b{filled(step.inputs[1]), program.plain(step.inputs[1]).buffer};
  const auto [desc, primitive] = keptProduct(program, a.desc, b.desc, out.desc, std::nullopt);
  program.execute(primitive, desc,
                  {{DNNL_ARG_SRC, a}, {DNNL_ARG_WEIGHTS, b}, {DNNL_ARG_DST, out}});
}

void alias(Program& program, const Step& step) { program.alias(step.outputs[0], step.inputs[0]); }

}  // namespace zico
