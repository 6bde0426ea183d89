#include "shape.h"

namespace {
class Square : public Shape {
public:
	explicit Square(double side) : side_(side) {}
	double area() const override { return side_ * side_; }
private:
	double side_;
};
class Disc : public Shape {
public:
	explicit Disc(double radius) : radius_(radius) {}
	double area() const override { return 3.14159265358979 * radius_ * radius_; }
private:
	double radius_;
};
}

std::unique_ptr<Shape>
make_shape(const std::string &name, double size)
{
	if (name == "square")
		return std::unique_ptr<Shape>(new Square(size));
	if (name == "disc")
		return std::unique_ptr<Shape>(new Disc(size));
	return nullptr;
}
