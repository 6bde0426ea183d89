# generate.awk - writes unit0.c ... of the given number, units.h and units.mk.
BEGIN {
    for (unit = 0; unit < units; unit++) {
        file = "unit" unit ".c"
        print "#include \"units.h\"\n" >file
        for (f = 0; f < 10; f++) {
            print "static double\nf" f "(double x)\n{\n\tdouble y = " f ".5, z[16];\n\tint i;\n" >file
            print "\tfor (i = 0; i < 16; i++)\n\t\tz[i] = x * i + " unit ";" >file
            for (term = 0; term < 14; term++)
                print "\tif (y > " term * 3 + unit ")\n\t\ty = y * x + z[" (term * 5 + f) % 16 "] / " term + 2 ".0;\n\telse\n\t\tz[" term "] += y * " unit + term ";" >file
            print "\treturn y + z[" f % 16 "];\n}\n" >file
        }
        print "double\nunit" unit "(double x)\n{\n\treturn 0" >file
        for (f = 0; f < 10; f++) print "\t    + f" f "(x)" >file
        print "\t    ;\n}" >file
        close(file)
        print "double unit" unit "(double);" >"units.h"
        sum = sum " + unit" unit "(x)"
        objects = objects " unit" unit ".o"
    }
    print "#define ALL(x) (0" sum ")" >"units.h"
    print "OBJECTS = main.o" objects >"units.mk"
}
