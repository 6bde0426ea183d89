#ifndef LIBPP_SHAPE_H
#define LIBPP_SHAPE_H
#include <memory>
#include <string>

class Shape {
public:
	virtual ~Shape() = default;
	virtual double area() const = 0;
};

// The shape of this name and size; nothing if there is none.
std::unique_ptr<Shape> make_shape(const std::string &name, double size);
#endif
