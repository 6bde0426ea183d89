#include <lib++/shape.h>
#include <cstdlib>
#include <string>

// The areas of "shape:size" arguments, summed up.
double
total(int argc, char **argv)
{
	double sum = 0;

	for (int i = 1; i < argc; i++) {
		std::string word(argv[i]);
		std::string::size_type at = word.find(':');
		if (at == std::string::npos)
			continue;
		auto shape = make_shape(word.substr(0, at), std::atof(word.c_str() + at + 1));
		if (shape)
			sum += shape->area();
	}
	return sum;
}
